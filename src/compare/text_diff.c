/*
 * text_diff.c
 *	  Which lines or words differ between two texts.
 *
 * What both begin and end with is set aside first; the rest is compared by the
 * table of longest common subsequences, which costs the product of the two
 * lengths.  Definitions are short and mostly alike, so that is cheap; the
 * bound keeps two long and unlike texts from costing seconds.
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"

#include "compare/text_diff.h"

/* Cells of the table, 4 bytes each. */
#define MAX_CELLS 2000000

static SdSlice *
append_slice(SdSlice *slices, int *count, int *capacity, const char *text, int length)
{
	if (*count == *capacity)
	{
		*capacity *= 2;
		slices = repalloc(slices, sizeof(SdSlice) * *capacity);
	}
	slices[*count].text = text;
	slices[*count].length = length;
	(*count)++;
	return slices;
}

SdSlice *
sd_text_lines(const char *text, int *count)
{
	int			capacity = 16;
	SdSlice    *lines = palloc(sizeof(SdSlice) * capacity);
	const char *end;

	*count = 0;
	for (; (end = strchr(text, '\n')) != NULL; text = end + 1)
		lines = append_slice(lines, count, &capacity, text, end - text);
	if (*text)
		lines = append_slice(lines, count, &capacity, text, strlen(text));
	return lines;
}

/* Letters of any alphabet: a byte of a longer character is never cut off. */
static bool
is_word(char c)
{
	return IS_HIGHBIT_SET(c) || isalnum((unsigned char) c) || c == '_' || c == '$';
}

SdSlice *
sd_text_words(const char *text, int length, int *count)
{
	int			capacity = 16;
	SdSlice    *words = palloc(sizeof(SdSlice) * capacity);
	int			start = 0;
	int			end;

	*count = 0;
	for (; start < length; start = end)
	{
		end = start + 1;
		if (is_word(text[start]))
			while (end < length && is_word(text[end]))
				end++;
		else if (text[start] == ' ')
			while (end < length && text[end] == ' ')
				end++;
		words = append_slice(words, count, &capacity, text + start, end - start);
	}
	return words;
}

static bool
is_same(const SdSlice *a, const SdSlice *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* Longer the last run by one piece of each side that is told, or begin one. */
static List *
step(List *runs, bool same, int i, int j, int nbefore, int nafter)
{
	SdRun	   *run = runs ? llast(runs) : NULL;

	if (nbefore == 0 && nafter == 0)
		return runs;
	if (run == NULL || run->same != same)
	{
		run = palloc0(sizeof(SdRun));
		run->same = same;
		run->before = i;
		run->after = j;
		runs = lappend(runs, run);
	}
	run->nbefore += nbefore;
	run->nafter += nafter;
	return runs;
}

/* table[i][j]: longest common subsequence of what follows i and j. */
static int32 *
fill_table(const SdSlice *a, int n, const SdSlice *b, int m)
{
	int32	   *table = palloc0(sizeof(int32) * (n + 1) * (m + 1));
	int			i;
	int			j;

	for (i = n - 1; i >= 0; i--)
	{
		int32	   *row = table + i * (m + 1);
		int32	   *next = row + m + 1;

		CHECK_FOR_INTERRUPTS();
		for (j = m - 1; j >= 0; j--)
			row[j] = is_same(&a[i], &b[j]) ? next[j + 1] + 1 : Max(next[j], row[j + 1]);
	}
	return table;
}

static List *
diff_middle(List *runs, const SdSlice *a, int n, const SdSlice *b, int m, int offset)
{
	int32	   *table;
	int			i = 0;
	int			j = 0;

	if (n == 0 || m == 0 || (int64) (n + 1) * (m + 1) > MAX_CELLS)
		return step(runs, false, offset, offset, n, m);
	table = fill_table(a, n, b, m);
	while (i < n && j < m)
	{
		int32	   *row = table + i * (m + 1);

		if (is_same(&a[i], &b[j]))
		{
			runs = step(runs, true, offset + i, offset + j, 1, 1);
			i++;
			j++;
		}
		else if (row[m + 1 + j] >= row[j + 1])
		{
			runs = step(runs, false, offset + i, offset + j, 1, 0);
			i++;
		}
		else
		{
			runs = step(runs, false, offset + i, offset + j, 0, 1);
			j++;
		}
	}
	pfree(table);
	return step(runs, false, offset + i, offset + j, n - i, m - j);
}

List *
sd_text_diff(const SdSlice *before, int nbefore, const SdSlice *after, int nafter)
{
	int			shorter = Min(nbefore, nafter);
	int			head = 0;
	int			tail = 0;
	List	   *runs;

	while (head < shorter && is_same(&before[head], &after[head]))
		head++;
	while (tail < shorter - head && is_same(&before[nbefore - 1 - tail], &after[nafter - 1 - tail]))
		tail++;
	runs = step(NIL, true, 0, 0, head, head);
	runs = diff_middle(runs, before + head, nbefore - head - tail, after + head, nafter - head - tail, head);
	return step(runs, true, nbefore - tail, nafter - tail, tail, tail);
}
