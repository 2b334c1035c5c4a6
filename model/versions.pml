/*
 * Two versions of one key at one path with `onConflict: replace`, as in docs/exactly-once.md: the items of the older and of
 * the newer version come in any order, and so do their second attempts. delivery.pml checks one file; what it has settled
 * is simpler here: an upload is one step and whole, and so is a transaction.
 *
 * Owners, zombies and guards are as in delivery.pml. An owner may upload several files for one path at once.
 */

#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef LOST_ANSWERS
#define LOST_ANSWERS 1
#endif
#ifndef REFUSALS
#define REFUSALS 1
#endif

#define OLDER 0
#define NEWER 1
#define ITEMS 4                       /* two attempts of each version; each owner has one execution of each */
#define EXECUTIONS (OWNERS * ITEMS)
#define item_of(name) ((name) % ITEMS)
#define version_of(item) ((item) & 1) /* items 0 and 1 are first attempts, 2 and 3 second ones */

#define bit(i) (1 << (i))
#define has(set, i) (((set) >> (i)) & 1)

/* ---- Kafka ------------------------------------------------------------------------------------------------------ */

mtype = { COMPLETED, FAILED, IN_DOUBT, SUPERSEDED, older, newer }
#define called(n) (version_of(item_of(n)) == OLDER -> older : newer)

byte owner;
byte available;                       /* the items that are there */
byte position;                        /* the items that count as done */
byte mark[2];                         /* PREPARED, by version: staging name + 1 */
mtype ended[ITEMS];
mtype outcome[2];                     /* of a version; 0 is open */

/* delivery-index: NewestAtPath, a version + 1 */
byte newest;

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
bool appeared[2];
bool prepared[2];

inline do_publish(n) {
    printf("    the server renames staging file %d (%e) to the final name\n", n, called(n));
    /* INVARIANT older: the final name never goes from the newer version to the older one */
    assert(version_of(item_of(n)) == NEWER || !appeared[NEWER]);
    assert(!appeared[version_of(item_of(n))]);    /* INVARIANT once: each version appears once */
    assert(ended[item_of(n)] == 0);               /* INVARIANT failed: what has ended is not published any more */
    appeared[version_of(item_of(n))] = true;
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
    printf("committed: item %d (%e) is %e\n", item, called(item), what);
    assert(ended[item] == 0);                                 /* INVARIANT recorded: an item ends once */
    assert(what != COMPLETED || appeared[version_of(item)]);  /* INVARIANT completed: only what was published */
    /* INVARIANT failed: only what was not */
    assert(what == COMPLETED || what == IN_DOUBT || !appeared[version_of(item)]);
    /* INVARIANT superseded: only by a newer version that was whole at the destination */
    assert(what != SUPERSEDED || (version_of(item) == OLDER && prepared[NEWER]));
    ended[item] = what;
    mark[version_of(item)] = 0;
    position = position | bit(item);
    if
    :: what == FAILED && item < 2      /* the state makes the second attempt, some time */
    :: else -> outcome[version_of(item)] = what
    fi
}

#define owned (owner == me)
#define todo(i) (owned && has(available & ~position & ~staged, i))
#define lose(requests) lost_answers < LOST_ANSWERS -> lost_answers++; requests = requests | bit(name); \
    printf("owner %d gets no answer about staging file %d\n", me, name)
#define refuse() staging[name] && refusals < REFUSALS -> refusals++; \
    printf("owner %d is refused a rename of staging file %d\n", me, name)

proctype Owner(byte me) {
    byte staged;           /* its items that are uploaded, and not prepared */
    byte item;
    byte name;
    mtype verdict;
    byte x;

    owner >= me;
next_item:
    atomic {
        item = 0; name = 0; verdict = 0;
        if
        :: !owned && (mark[OLDER] | mark[NEWER]) == 0 -> goto over
#ifdef NO_MARK_SETTLED_FIRST
        :: owned && (available & ~position) != 0 && (mark[OLDER] | mark[NEWER]) != 0
#endif
        /* GUARD mark_settled_first: a zombie may still send the rename of the older version. */
        :: mark[OLDER] != 0 -> name = mark[OLDER] - 1; item = item_of(name); goto settle
        :: mark[NEWER] != 0 -> name = mark[NEWER] - 1; item = item_of(name); goto settle
        :: owned && (mark[OLDER] | mark[NEWER]) == 0
        fi;
        /* INVARIANT covered: what counts as done has ended, or is prepared. */
        for (x : 0 .. ITEMS - 1) {
            assert(!has(position, x) || ended[x] != 0 || mark[version_of(x)] != 0)
        }
        x = 0
    }
end_idle:
    atomic {
        if
        :: !owned -> goto next_item
        :: todo(0) -> item = 0
        :: todo(1) -> item = 1
        :: todo(2) -> item = 2
        :: todo(3) -> item = 3
        :: owned && (staged & ~position) != 0 ->
            do
            :: has(staged & ~position, item) -> goto prepare
            :: item < ITEMS - 1 -> item++
            :: item == ITEMS - 1 && !has(staged & ~position, item) -> goto next_item
            od
        fi;
        name = me * ITEMS + item;
        if
#ifndef NO_SUPERSEDED
        /* GUARD superseded: notifications, back-offs and deferrals turn the order of versions round. */
        :: newest > version_of(item) + 1 -> verdict = SUPERSEDED; goto ends
#endif
        :: else
        fi;
        staging[name] = true;
        staged = staged | bit(item);
        printf("owner %d has staged item %d (%e) as staging file %d\n", me, item, called(item), name);
        goto next_item
    }

    /* -- Prepare --------------------------------------------------------------------------------------------------- */
prepare:
    true;
    atomic {
        name = me * ITEMS + item;
        staged = staged & ~bit(item);
        if
        :: !owned || has(position, item) -> goto over
#if !defined(NO_SUPERSEDED) && !defined(NO_LOOKED_AGAIN)
        /* GUARD looked_again: the newer version was prepared while this one was uploaded. */
        :: owned && !has(position, item) && newest > version_of(item) + 1 -> verdict = SUPERSEDED; goto ends
#endif
        :: else
        fi;
        printf("committed: owner %d prepares item %d (%e), staging file %d\n", me, item, called(item), name);
        mark[version_of(item)] = name + 1;
        position = position | bit(item);
        prepared[version_of(item)] = true;
        /* GUARD newest_with_prepared: what ends in doubt may have appeared. GUARD newest_in_one_transaction: in one of
         * its own it may never be written. */
#if !defined(NO_NEWEST_WITH_PREPARED) && !defined(NO_NEWEST_IN_ONE_TRANSACTION)
        newest = (version_of(item) + 1 > newest -> version_of(item) + 1 : newest)
#endif
    }
#ifdef NO_NEWEST_IN_ONE_TRANSACTION
    atomic {
        if
        :: owned -> newest = (version_of(item) + 1 > newest -> version_of(item) + 1 : newest)
        :: else
        fi
    }
#endif

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
        :: !staging[name] && !withdrawn[name] && final_name == name + 1 -> verdict = COMPLETED
        :: !staging[name] && !withdrawn[name] && final_name != name + 1 && evidence -> verdict = COMPLETED
        :: !staging[name] && !withdrawn[name] && final_name != name + 1 && !evidence -> verdict = IN_DOUBT
        fi;
        printf("owner %d decides about item %d: %e\n", me, item, verdict)
    }
ends:
    true;
    atomic {
        if
        :: !owned || ended[item] != 0 -> goto over
        :: else -> end(verdict)
        fi;
#ifdef NO_NEWEST_WITH_PREPARED
        newest = (verdict == COMPLETED && version_of(item) + 1 > newest -> version_of(item) + 1 : newest);
#endif
        goto next_item
    }

over:
    atomic { staged = 0; item = 0; name = 0; verdict = 0 }
}

/* ---- Everybody else --------------------------------------------------------------------------------------------- */

inline tell(i) {
    printf("item %d comes (%e)\n", i, called(i));
    available = available | bit(i)
}

proctype World() {
    byte n;
end_world:
    do
    :: atomic { owner < OWNERS - 1 -> owner++; printf("the partition is given to owner %d\n", owner) }
    :: atomic { !has(available, 0) -> tell(0) }
    :: atomic { !has(available, 1) -> tell(1) }
    :: atomic { !has(available, 2) && ended[0] == FAILED -> tell(2) }
    :: atomic { !has(available, 3) && ended[1] == FAILED -> tell(3) }
#ifdef NO_ENTRY_OUTLIVES_WORK
    :: atomic { newest != 0 -> printf("the entry expires\n"); newest = 0 }
#else
    /* GUARD entry_outlives_work: it stays as long as a route's deadlines let an older version be under way. */
    :: atomic { newest != 0 && outcome[OLDER] != 0 -> printf("the entry expires\n"); newest = 0 }
#endif
    :: atomic { final_name != 0 -> printf("the partner takes the file\n"); final_name = 0 }
    :: atomic { evidence && (mark[OLDER] | mark[NEWER]) != 0 -> printf("the evidence expires\n"); evidence = false }
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
        run World()
    }
}
