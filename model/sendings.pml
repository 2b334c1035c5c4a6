/*
 * Several sendings of one file, as in docs/exactly-once.md: an operator redrives, cancels and resolves, deadlines pass, and
 * the state-processor hears late what the worker has committed. delivery.pml checks one sending; what it has settled is
 * simpler here: an upload is one step and whole, and so is a transaction.
 *
 * Owners, zombies and guards are as in delivery.pml.
 */

#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef SENDINGS
#define SENDINGS 2
#endif
#ifndef LOST_ANSWERS
#define LOST_ANSWERS 1
#endif
#ifndef REFUSALS
#define REFUSALS 1
#endif

/* Sendings count from 0, in the stories from 1. Each owner has one execution of each. */
#define EXECUTIONS (OWNERS * SENDINGS)
#define sending_of(name) ((name) % SENDINGS)

#define bit(i) (1 << (i))
#define has(set, i) (((set) >> (i)) & 1)

/* ---- Kafka ------------------------------------------------------------------------------------------------------ */

mtype = { PREPARED, COMPLETED, FAILED, IN_DOUBT, DROPPED, SKIPPED,       /* what the worker says */
    OPEN, TIMED_OUT, CANCELLED, GIVEN_UP }                               /* the state has some of both */

byte owner;
byte position;                        /* the first sending whose item counts as not done */
byte mark[SENDINGS];                  /* PREPARED: staging name + 1 */
mtype ended[SENDINGS];
chan events = [SENDINGS] of { byte, mtype };   /* committed, and not read by the state-processor */

/* delivery-index: a sending + 1 */
byte index_delivered;
byte index_doubt;

/* transfer-work */
byte available = 1;
byte settled_of[SENDINGS];            /* settledSendings of an item: a sending + 1 */

/* controls: this sending + 1, and the older ones, are given up */
byte control;
bool control_cancels;                 /* it is one that was cancelled */

/* ---- The state -------------------------------------------------------------------------------------------------- */

mtype status = OPEN;
byte current;                         /* the sending that the state is at */
byte settled;                         /* a sending + 1 */
bool by_word;                         /* the operator said that it was delivered */

/* ---- The SFTP server -------------------------------------------------------------------------------------------- */

bool staging[EXECUTIONS];
bool withdrawn[EXECUTIONS];
byte final_name;                      /* 0, or the name + 1 under which this file was staged */
bool evidence = true;

/* Requests whose answer was lost: the server may apply them at any time, or never. */
int late_rename;
int late_withdraw;
byte lost_answers;
byte refusals;

/* What only the invariants know. */
bool appeared[SENDINGS];
byte appearances;
byte allowed = 1;                     /* one more than there were when the last sending was asked for */
byte doubts;                          /* sendings whose outcome nobody knows; the operator has not decided yet */
byte doubted;                         /* the same, decided or not */

inline do_publish(n) {
    printf("    the server renames staging file %d (sending %d) to the final name\n", n, sending_of(n) + 1);
    assert(!appeared[sending_of(n)]);             /* INVARIANT once: the final name appears once for each sending */
    appeared[sending_of(n)] = true;
    appearances++;
    assert(appearances <= allowed);               /* INVARIANT asked: who asks once gets one more than there was */
    assert(doubts == 0);                          /* INVARIANT silence: nothing is published while a doubt is open */
    assert(ended[sending_of(n)] == 0);            /* INVARIANT failed: what has ended is not published any more */
    staging[n] = false;
    final_name = n + 1
}

inline do_withdraw(n) {
    printf("    the server withdraws staging file %d\n", n);
    staging[n] = false;
    withdrawn[n] = true
}

/* ---- One assignment --------------------------------------------------------------------------------------------- */

inline end(what) {
    printf("committed: sending %d is %e\n", item + 1, what);
    assert(ended[item] == 0);                                 /* INVARIANT recorded: an item ends once */
    assert(what != COMPLETED || appeared[item]);              /* INVARIANT completed: only what was published */
    assert(what == COMPLETED || what == IN_DOUBT || !appeared[item]);   /* INVARIANT failed: only what was not */
    ended[item] = what;
    mark[item] = 0;
    position = (position > item + 1 -> position : item + 1);
    events ! item, what
}

#define owned (owner == me)
#define lose(requests) lost_answers < LOST_ANSWERS -> lost_answers++; requests = requests | bit(name); \
    printf("owner %d gets no answer about staging file %d\n", me, name)
#define refuse() staging[name] && refusals < REFUSALS -> refusals++; \
    printf("owner %d is refused a rename of staging file %d\n", me, name)

proctype Owner(byte me) {
    byte item;
    byte name;
    mtype verdict;
    byte heard;            /* of the controls */
    bool heard_cancels;
    byte read;             /* the controls that were there before its first item */

    atomic {
        owner >= me ->
        heard = control; heard_cancels = control_cancels; read = control;
        printf("owner %d has read the ledger, the index and the controls: given up: %d\n", me, read)
    }

next_item:
    atomic {
        item = 0; name = 0; verdict = 0;
        if
        :: !owned -> goto over
#ifdef NO_OLDER_SETTLED_FIRST
        :: owned && (mark[0] | mark[SENDINGS - 1]) != 0 && position < available -> item = position; goto begin
#endif
        /* GUARD older_settled_first: the outcome of the older sending decides whether there is anything to do. */
        :: mark[0] != 0 -> name = mark[0] - 1; item = 0; goto settle
        :: mark[0] == 0 && mark[1] != 0 -> name = mark[1] - 1; item = 1; goto settle
        :: mark[0] == 0 && mark[1] == 0 && mark[SENDINGS - 1] != 0 ->
            name = mark[SENDINGS - 1] - 1; item = SENDINGS - 1; goto settle
        :: owned && mark[0] == 0 && mark[1] == 0 && mark[SENDINGS - 1] == 0 && position < available ->
            item = position; goto begin
        :: owned && mark[0] == 0 && mark[1] == 0 && mark[SENDINGS - 1] == 0 && position == available
        fi
    }
end_idle:
    position < available || !owned;
    goto next_item;

    /* -- Before an item begins ------------------------------------------------------------------------------------- */
begin:
    true;
    atomic {
        if
        :: !owned -> goto over
        :: owned
        :: owned && heard != control -> heard = control; heard_cancels = control_cancels
        fi;
        printf("owner %d takes sending %d, asked for when %d was settled; delivered %d, in doubt %d, given up %d\n", me,
            item + 1, settled_of[item], index_delivered, index_doubt, heard);
        verdict = 0;
#ifndef NO_GIVEN_UP_DROPPED
        /* GUARD given_up_dropped: an operator who gave up does not wait for it. */
        verdict = (heard > item -> DROPPED : verdict);
#endif
#ifndef NO_DOUBT_ENDS_NEWER
        /* GUARD doubt_ends_newer: who asked for this sending did not decide about that. GUARD doubt_before_drop: also
         * when this one is dropped, because the state may have ignored the older doubt while this one was open. */
#ifdef NO_DOUBT_BEFORE_DROP
        verdict = (verdict == 0 && index_doubt > settled_of[item] -> IN_DOUBT : verdict);
#else
        verdict = (index_doubt > settled_of[item] -> IN_DOUBT : verdict);
#endif
#endif
#ifndef NO_DELIVERED_SKIPPED
        /* GUARD delivered_skipped: who asked for this sending did not know that. */
        verdict = (index_delivered > settled_of[item] -> SKIPPED : verdict);
#endif
        if
        :: verdict != 0 -> goto ends
        :: else
        fi;
        assert(read <= item);              /* INVARIANT stopped: what was known to be given up does not begin */
        name = me * SENDINGS + item;
        staging[name] = true;
        printf("owner %d has staged sending %d as staging file %d\n", me, item + 1, name)
    }

    /* -- Prepare --------------------------------------------------------------------------------------------------- */
    atomic {
        if
        :: !owned -> goto over
        :: owned
        :: owned && heard != control -> heard = control; heard_cancels = control_cancels
        fi;
#ifndef NO_CANCEL_STOPS
        if
        /* GUARD cancel_stops: what nobody has seen yet can be stopped. */
        :: heard == item + 1 && heard_cancels -> staging[name] = false; verdict = DROPPED; goto ends
        :: else
        fi;
#endif
        assert(heard != item + 1 || !heard_cancels);   /* INVARIANT stopped: nor is it prepared if it was cancelled */
        printf("committed: owner %d prepares sending %d, staging file %d\n", me, item + 1, name);
        mark[item] = name + 1;
        position = (position > item + 1 -> position : item + 1)
    }

    /* -- Publish, and settling a mark: as in delivery.pml ---------------------------------------------------------- */
settle:
    true;
    atomic {
        printf("owner %d tries the rename of staging file %d\n", me, name);
        if
        :: staging[name] -> do_publish(name); verdict = COMPLETED; goto ends
        :: refuse()
        :: !staging[name]
        :: lose(late_rename); goto settle
        fi
    }
    atomic {
        if
        :: staging[name] -> do_withdraw(name); verdict = FAILED; goto ends
        :: refuse()
        :: !staging[name]
        :: lose(late_withdraw); goto settle
        fi
    }
    atomic {
        if
        :: staging[name] -> goto settle
        :: !staging[name] && withdrawn[name] -> verdict = FAILED
        :: !staging[name] && !withdrawn[name] && final_name != 0 -> verdict = COMPLETED
        :: !staging[name] && !withdrawn[name] && final_name != name + 1 && evidence -> verdict = COMPLETED
        :: !staging[name] && !withdrawn[name] && final_name != name + 1 && !evidence -> verdict = IN_DOUBT
        fi;
        printf("owner %d decides about sending %d: %e\n", me, item + 1, verdict)
    }

    /* -- The item ends --------------------------------------------------------------------------------------------- */
ends:
    true;
    atomic {
        if
        :: !owned || ended[item] != 0 -> goto over
        :: else
        fi;
        if
        :: verdict == IN_DOUBT && appeared[item] -> doubts = doubts | bit(item); doubted = doubted | bit(item)
        :: else
        fi;
        end(verdict);
        /* GUARD delivered_with_completed, doubt_with_in_doubt: in a transaction of its own it may never be written. */
#ifndef NO_DELIVERED_WITH_COMPLETED
        index_delivered = (verdict == COMPLETED -> item + 1 : index_delivered);
#endif
#ifndef NO_DOUBT_WITH_IN_DOUBT
#ifdef NO_DOUBT_PASSED_ON
        if
        :: verdict == IN_DOUBT && appeared[item] -> index_doubt = item + 1
        :: else
        fi
#else
        /* GUARD doubt_passed_on: a sending that ended because of an older doubt is one for the next. */
        index_doubt = (verdict == IN_DOUBT -> item + 1 : index_doubt)
#endif
#endif
    }
#if defined(NO_DELIVERED_WITH_COMPLETED) || defined(NO_DOUBT_WITH_IN_DOUBT)
    atomic {
        if
        :: owned ->
            index_delivered = (verdict == COMPLETED -> item + 1 : index_delivered);
            index_doubt = (verdict == IN_DOUBT -> item + 1 : index_doubt)
        :: else -> goto over
        fi
    }
#endif
    goto next_item;

over:
    atomic { item = 0; name = 0; verdict = 0; heard = 0; heard_cancels = false; read = 0 }
}

/* ---- The state-processor, the monitor and the operator ---------------------------------------------------------- */

inline send_again(why) {
    current++;
    printf("the operator asks for sending %d (%e); settled up to %d\n", current + 1, why, settled);
    status = OPEN;
    settled_of[current] = settled;
    available = current + 1;
    allowed = appearances + 1
}

proctype State() {
    byte s;
    mtype what;
end_state:
    do
    :: atomic { events ? s, what ->
        printf("the state is %e at sending %d and reads: sending %d %e\n", status, current + 1, s + 1, what);
        if
        /* The late proof wins. */
        :: what == COMPLETED -> status = COMPLETED
        :: what == FAILED && s == current && status == OPEN -> status = FAILED
        :: what == IN_DOUBT && s == current && status == OPEN -> status = IN_DOUBT
#ifndef NO_DOUBT_AFTER_GIVEN_UP
        /* GUARD doubt_after_given_up: nobody else would tell the operator. */
        :: what == IN_DOUBT && (status == TIMED_OUT || status == CANCELLED) && s >= settled -> status = IN_DOUBT
#endif
        :: else
        fi;
        settled = (s + 1 > settled -> s + 1 : settled);
        if
        :: control == s + 1 -> control = 0; control_cancels = false
        :: else
        fi;
        s = 0; what = 0 }

    :: atomic { status == OPEN ->
        printf("sending %d times out\n", current + 1);
        status = TIMED_OUT; control = current + 1; control_cancels = false }
    :: atomic { status == OPEN ->
        printf("the operator cancels sending %d\n", current + 1);
        status = CANCELLED; control = current + 1; control_cancels = true }

    :: atomic { (status == FAILED || status == TIMED_OUT || status == CANCELLED) && current < SENDINGS - 1 ->
        send_again(status) }
#ifdef NO_ONLY_RESOLVE
    :: atomic { status == IN_DOUBT && current < SENDINGS - 1 ->
        settled = current + 1;
        send_again(status) }
#endif
    /* GUARD only_resolve: who redrives a file may not have looked at what is in doubt about it. */
    :: atomic { status == IN_DOUBT && current < SENDINGS - 1 ->
        printf("the operator resolves: resend\n");
        settled = current + 1; doubts = 0;
        send_again(status) }
    :: atomic { status == IN_DOUBT ->
        printf("the operator resolves: delivered\n");
        status = COMPLETED; by_word = true; doubts = 0 }

    /* When all is done and read. */
    :: atomic { len(events) == 0 && position == available && ended[current] != 0 &&
            mark[0] == 0 && mark[1] == 0 && mark[SENDINGS - 1] == 0 ->
        assert(status != OPEN);                                         /* INVARIANT ends: no file stays open */
        assert(doubts == 0 || status == IN_DOUBT);                      /* INVARIANT told: a doubt is not lost */
        assert(status != COMPLETED || appearances > 0 || by_word);      /* INVARIANT completed: only what was published */
        for (s : 0 .. SENDINGS - 1) {
            assert(status == COMPLETED || !appeared[s] || has(doubted, s))   /* INVARIANT completed: and always then */
        }
        s = 0 }
    od
}

proctype World() {
    byte n;
end_world:
    do
    :: atomic { owner < OWNERS - 1 -> owner++; printf("the partition is given to owner %d\n", owner) }
    :: atomic { final_name != 0 -> printf("the partner takes the file\n"); final_name = 0 }
    :: atomic { evidence && (mark[0] | mark[1] | mark[SENDINGS - 1]) != 0 ->
        printf("the evidence expires\n"); evidence = false }
    :: atomic { (late_rename | late_withdraw) != 0 ->
        printf("a late request reaches the server\n");
        n = 0;
        do
        :: has(late_rename, n) -> late_rename = late_rename & ~bit(n);
            if
            :: staging[n] -> do_publish(n)
            :: else
            fi;
            break
        :: has(late_withdraw, n) -> late_withdraw = late_withdraw & ~bit(n);
            if
            :: staging[n] -> do_withdraw(n)
            :: else
            fi;
            break
        :: n < EXECUTIONS - 1 -> n++
        :: n == EXECUTIONS - 1 -> break
        od;
        n = 0 }
    od
}

init {
    byte i;
    atomic {
        for (i : 0 .. OWNERS - 1) {
            run Owner(i)
        }
        i = 0;
        run State();
        run World()
    }
}
