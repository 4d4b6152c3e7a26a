/*
 * counter.c
 *	  Draws from a sequence behind the session's back.
 *
 * nextval() makes lastval() of the session answer with our number, and nothing
 * can set that back: what it remembers is private to the server's sequence.c.
 * An application that inserts a row, is captured doing DDL and then asks for
 * lastval() would get an event's id.  So the sequence's one page is changed
 * here, as nextval() does it, under the lock on its buffer.  The page goes to
 * the log as a whole (it is a few hundred bytes without its hole), with the
 * numbers ahead as taken, so that the next draws need not be logged; log_cnt
 * says how many, as to nextval(), should anybody use it on the same sequence.
 *
 * Always steps by one; CYCLE, CACHE and limits are not looked at, and ours
 * have none.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_class.h"
#include "commands/sequence.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "utils/rel.h"

#include "store/counter.h"

/* Without what the compiler adds at the end. */
#define ROW_LENGTH (offsetof(FormData_pg_sequence_data, is_called) + sizeof(bool))

/* The sequence's one row, on its page or a copy of that. */
static Form_pg_sequence_data
sequence_row(Relation rel, Page page)
{
	ItemId		item;

	if (PageGetMaxOffsetNumber(page) != FirstOffsetNumber ||
		!ItemIdIsNormal(item = PageGetItemId(page, FirstOffsetNumber)) ||
		ItemIdGetLength(item) < SizeofHeapTupleHeader + ROW_LENGTH)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("sequence \"%s\" has no row", RelationGetRelationName(rel))));
	return (Form_pg_sequence_data)
		((char *) PageGetItem(page, item) + ((HeapTupleHeader) PageGetItem(page, item))->t_hoff);
}

/*
 * Does the log, as it stands, already allow the next number?  Not when it was
 * written before the checkpoint that a recovery would begin at: the page then
 * is all that there is.
 */
static bool
is_logged(Page page, const FormData_pg_sequence_data *row, int ahead)
{
	return ahead > 0 && row->is_called && row->log_cnt > 0 && PageGetLSN(page) > GetRedoRecPtr();
}

/* Log that the numbers up to this one are taken. */
static void
log_taken(Relation rel, Buffer buffer, int64 last)
{
	GenericXLogState *change = GenericXLogStart(rel);
	Form_pg_sequence_data row =
		sequence_row(rel, GenericXLogRegisterBuffer(change, buffer, GENERIC_XLOG_FULL_IMAGE));

	row->last_value = last;
	row->log_cnt = 0;
	row->is_called = true;
	GenericXLogFinish(change);
}

int64
sd_counter_next(Oid sequence, int ahead)
{
	Relation	rel = relation_open(sequence, NoLock);
	Form_pg_sequence_data row;
	Buffer		buffer;
	Page		page;
	int64		number;
	int64		logged;

	if (rel->rd_rel->relkind != RELKIND_SEQUENCE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a sequence", RelationGetRelationName(rel))));
	/* as nextval() does, so that the commit waits for this record, too */
	if (RelationNeedsWAL(rel))
		(void) GetTopTransactionId();
	buffer = ReadBuffer(rel, 0);
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	page = BufferGetPage(buffer);
	row = sequence_row(rel, page);
	number = row->is_called ? row->last_value + 1 : row->last_value;
	if (is_logged(page, row, ahead))
		logged = row->log_cnt - 1;
	else
	{
		log_taken(rel, buffer, number + ahead);
		logged = ahead;
	}
	/* the page itself, unlike its image in the log, holds what is drawn */
	START_CRIT_SECTION();
	row->last_value = number;
	row->log_cnt = logged;
	row->is_called = true;
	MarkBufferDirty(buffer);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
	relation_close(rel, NoLock);
	return number;
}
