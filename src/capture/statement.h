/*
 * statement.h
 *	  The exact text of the utility statement that is running.
 *
 * A hook on utility execution keeps, for each DDL statement that is under way
 * (they nest: functions, DO, extension scripts), where its text lies.  Known
 * only from the moment the library was loaded: at server start when it is
 * preloaded, else from the session's second captured statement on.
 */
#ifndef SD_STATEMENT_H
#define SD_STATEMENT_H

#include "postgres.h"

#include "nodes/nodes.h"
#include "tcop/cmdtag.h"

/*
 * The text, palloc'd, without its semicolon and without the white space and
 * comments before it; never a neighbour's.  NULL when the innermost statement
 * is not known or is not a tag.
 */
extern char *sd_statement_text(CommandTag tag);

/* How many utility statements of this session came past the hook. */
extern uint64 sd_statement_count(void);

/*
 * For statements no event trigger fires for.  before looks at a statement
 * that is about to run; where it returns something, after gets that when the
 * statement has succeeded and is still the innermost.
 */
typedef struct SdStatementHooks
{
	void	   *(*before) (Node *tree);
	void		(*after) (void *state, Node *tree, CommandTag tag);
} SdStatementHooks;

/* Put the hook in place; called once, from _PG_init. */
extern void sd_statement_init(SdStatementHooks hooks);

#endif							/* SD_STATEMENT_H */
