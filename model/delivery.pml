/*
 * The protocol of docs/exactly-once.md: one partition, its owners, one SFTP server, one partner.
 *
 * A process Owner is one assignment of the partition to a worker. The partition may be given to the next owner at any
 * moment; the old one does not notice and goes on with whatever it was about to do, at any later time: a zombie. A
 * crash is an owner that takes no further step. A pause is an owner that takes its next step late.
 *
 * Every `atomic` is one step: one request to the server with its answer, or one request to a broker.
 *
 * What the product does so that the promise holds is called a guard. Each is marked `GUARD name` where it acts and can
 * be removed with -DNO_NAME; model/guards shows that each removal breaks the promise.
 *
 * Variants:  -DRETRY      one file, a second attempt after a reported Failed
 *            -DTWO_FILES  two files for one path, one attempt each
 *            -DSERVER_CRASHES  the server forgets what no fsync made durable
 */

#ifndef OWNERS
#define OWNERS 3
#endif
#ifndef LOST_ANSWERS
#define LOST_ANSWERS 1
#endif
#ifndef REFUSALS
#define REFUSALS 2
#endif
#ifndef BROKEN_COMMITS
#define BROKEN_COMMITS 1
#endif
#ifndef CRASHES
#define CRASHES 0
#endif

#define ITEMS 2
/* Executions of one owner: one of each item, one more for each answer lost, commit broken and crash of the server. */
#define TRIES (ITEMS + LOST_ANSWERS + BROKEN_COMMITS + CRASHES)
#define EXECUTIONS (OWNERS * TRIES)

#ifdef TWO_FILES
#define FILES 2
#define file_of(item) (item)
#define is_last_attempt(item) true
#else
#define FILES 1
#define file_of(item) 0
#define is_last_attempt(item) ((item) == 1)
#endif

#define bit(i) (1 << (i))
#define has(set, i) (((set) >> (i)) & 1)

/* ---- Kafka ------------------------------------------------------------------------------------------------------ */

byte owner;               /* the owner that the group coordinator knows */
#ifdef TWO_FILES
byte available = 3;       /* the items in transfer-work */
#else
byte available = 1;
#endif

byte position;            /* the committed ledger: the items that count as done ... */
byte mark[FILES];         /* ... and the PREPARED marks: staging name + 1 */

mtype = { PREPARED, IN_DOUBT, FAILED, COMPLETED }   /* numbered from the right: COMPLETED is 1 */
byte ended[ITEMS];        /* the committed events, by item */
byte outcome[FILES];      /* what the state-processor makes of them: 0 is open */

#define NONE 0
#define OPEN 1            /* begun; nobody has asked for its commit */
#define ENDING 2          /* its commit was asked for, and the answer was an error: committed or aborted, some time */
byte transaction[OWNERS];
bool flushed[OWNERS];     /* its marks are in the log */
byte writes[OWNERS];      /* what it writes: PREPARED, COMPLETED, FAILED or IN_DOUBT ... */
byte of_name[OWNERS];     /* ... of the execution with this staging name, ... */
byte of_item[OWNERS];     /* ... of this item, ... */
byte snapshot[OWNERS];    /* ... and this position */
byte awaits[OWNERS];      /* open transactions below the high watermark up to which an owner reads */

/* ---- The SFTP server -------------------------------------------------------------------------------------------- */

#define ABSENT 0
#define PARTIAL 1
#define WHOLE 2
byte staging[EXECUTIONS];   /* by name; an execution's name is its number */
bool withdrawn[EXECUTIONS];
byte final_name;            /* 0, or the name + 1 under which this file was staged */
bool evidence = true;       /* the staging directory is there, the host key is the same, the mark is young */

/* Requests whose answer was lost: the server may apply them at any time, or never. */
int late_open;
int late_write;
int late_rename;
int late_withdraw;

byte item_of[EXECUTIONS];

bool appeared[FILES];       /* the final name has appeared for this sending */

byte lost_answers;
byte refusals;
byte broken_commits;

#ifdef SERVER_CRASHES
byte durable_staging[EXECUTIONS];
bool durable_withdrawn[EXECUTIONS];
byte durable_final;
bool taken_early;           /* the partner took what was not yet durable: no promise then */
byte boots;                 /* a connection does not survive a crash of the server */
#define connected(b) ((b) == boots)
#else
#define connected(b) true
#endif

/* ---- What the server does --------------------------------------------------------------------------------------- */

inline do_open(n) {
    printf("    the server opens staging file %d, and makes it if it is not there\n", n);
    if
    :: staging[n] == ABSENT -> staging[n] = PARTIAL
    :: else
    fi
}

/* Through a handle: the bytes go into the file wherever it has been renamed to; the source is pinned. */
inline do_write(n) {
    printf("    the server writes the bytes of staging file %d\n", n);
    if
    :: staging[n] == PARTIAL -> staging[n] = WHOLE
    :: else
    fi
}

/* The heart of the matter: what everybody can see. */
inline do_publish(n) {
    printf("    the server renames staging file %d (item %d) to the final name\n", n, item_of[n]);
    assert(staging[n] == WHOLE);                 /* INVARIANT whole: the final name never shows a partial file */
    assert(!appeared[file_of(item_of[n])]);      /* INVARIANT once: the final name appears once per sending */
    assert(ended[item_of[n]] != FAILED);         /* INVARIANT failed: what is reported as Failed is never published */
    assert(FILES == 1 || item_of[n] == 1 || !appeared[FILES - 1]);   /* INVARIANT order: files of a path in order */
    appeared[file_of(item_of[n])] = true;
    staging[n] = ABSENT;
    final_name = n + 1
}

inline do_withdraw(n) {
    printf("    the server withdraws staging file %d\n", n);
    staging[n] = ABSENT;
#ifndef NO_WITHDRAW_BY_RENAME
    /* GUARD withdraw_by_rename: a file that was removed looks like a file that a partner took. */
    withdrawn[n] = true
#endif
}

inline make_durable() {
#ifdef SERVER_CRASHES
    printf("    fsync\n");
    for (x : 0 .. EXECUTIONS - 1) {
        durable_staging[x] = staging[x];
        durable_withdrawn[x] = withdrawn[x]
    }
    x = 0;
    durable_final = final_name;
    taken_early = false
#endif
}

/* ---- What the brokers do ---------------------------------------------------------------------------------------- */

inline settle_transaction(k) {
    for (x : 0 .. OWNERS - 1) {
        awaits[x] = awaits[x] & (255 - bit(k))
    }
    x = 0;
    transaction[k] = NONE; flushed[k] = false; writes[k] = 0; of_name[k] = 0; of_item[k] = 0; snapshot[k] = 0
}

inline do_commit(k) {
    printf("    committed: %e of owner %d (item %d, staging file %d), position %d\n",
        writes[k], k, of_item[k], of_name[k], snapshot[k]);
    assert((position & (255 - snapshot[k])) == 0);          /* INVARIANT position: it never goes back */
    position = snapshot[k];
    if
    :: writes[k] == PREPARED ->
        mark[file_of(of_item[k])] = of_name[k] + 1
    :: else ->
        assert(ended[of_item[k]] == 0);                     /* INVARIANT recorded: an item ends once */
        assert(outcome[file_of(of_item[k])] != COMPLETED);  /* INVARIANT recorded: COMPLETED is recorded once */
        if
        :: writes[k] == COMPLETED ->
            assert(appeared[file_of(of_item[k])]);          /* INVARIANT completed: only what was published */
            outcome[file_of(of_item[k])] = COMPLETED
        :: writes[k] == FAILED ->
            /* INVARIANT failed: what was published is never reported as Failed */
            assert(!appeared[file_of(of_item[k])]);
            if
            :: is_last_attempt(of_item[k]) -> outcome[file_of(of_item[k])] = FAILED
            :: else -> available = available | bit(of_item[k] + 1)
            fi
        :: writes[k] == IN_DOUBT ->
            assert(!evidence && final_name != of_name[k] + 1);   /* INVARIANT doubt: only where nothing tells */
            outcome[file_of(of_item[k])] = IN_DOUBT
        fi;
        ended[of_item[k]] = writes[k];
        mark[file_of(of_item[k])] = 0
    fi;
    /* INVARIANT covered: the position passes no item that is neither ended nor prepared. */
    for (x : 0 .. ITEMS - 1) {
        assert(!has(position, x) || ended[x] != 0
            || (mark[file_of(x)] != 0 && item_of[mark[file_of(x)] - 1] == x))
    }
    settle_transaction(k)
}

/* ---- One transaction of an owner -------------------------------------------------------------------------------- */

#define REFUSED 0      /* the group coordinator knows another owner: the assignment is over */
#define CONFIRMED 1
#define UNKNOWN 2      /* committed or not: only the ledger can tell */

inline begin(what) {
    printf("owner %d begins a transaction: %e of item %d, staging file %d\n", me, what, item, name);
    transaction[me] = OPEN; writes[me] = what; of_name[me] = name; of_item[me] = item;
    snapshot[me] = my_position | bit(item)
}

/* The transaction was aborted under way. A zombie ends here; one that reads the ledger once more comes from ENDING. */
inline broken() {
    printf("owner %d finds its transaction aborted\n", me);
    answer = (owner == me -> UNKNOWN : REFUSED)
}

inline send_offsets() {
    if
    :: transaction[me] != OPEN -> broken()
#ifdef NO_OWNERSHIP
    :: transaction[me] == OPEN ->
        printf("owner %d sends its offsets with fresh metadata; accepted\n", me);
        answer = CONFIRMED
#else
    /* GUARD ownership: the group metadata is that of the assignment; with fresh metadata a live member that lost the
     * partition would be accepted. */
    :: transaction[me] == OPEN && owner == me ->
        printf("owner %d sends its offsets; accepted\n", me);
        answer = CONFIRMED
    :: transaction[me] == OPEN && owner != me ->
        printf("owner %d sends its offsets; refused\n", me);
        settle_transaction(me); answer = REFUSED
#endif
    fi
}

inline ask(what) {
#ifdef NO_MARKS_FIRST
    atomic { transaction[me] == NONE -> begin(what); send_offsets() };
    atomic {
        if
        :: answer == CONFIRMED && transaction[me] == OPEN ->
            printf("owner %d writes its marks\n", me);
            flushed[me] = true
        :: answer == CONFIRMED && transaction[me] != OPEN -> broken()
        :: else
        fi
    }
#else
    /* GUARD marks_first: the marks are in the log before the group coordinator is asked, so that the next owner's high
     * watermark is behind them. */
    atomic { transaction[me] == NONE -> begin(what); flushed[me] = true };
    atomic { send_offsets() }
#endif
}

/* The end of a transaction that the group coordinator was asked for. */
inline finish() {
    if
    :: answer != CONFIRMED
    :: answer == CONFIRMED && transaction[me] == OPEN -> do_commit(me)
    :: answer == CONFIRMED && transaction[me] == OPEN && broken_commits < BROKEN_COMMITS ->
        printf("owner %d asks for the commit; the answer is an error\n", me);
        broken_commits++; transaction[me] = ENDING; answer = UNKNOWN
    :: answer == CONFIRMED && transaction[me] != OPEN -> broken()
    fi;
#ifndef NO_CONFIRMED_SNAPSHOTS
    if
    :: answer == CONFIRMED -> my_position = my_position | bit(item)
    :: else
    fi
#else
    my_position = my_position | bit(item)
#endif
}

/* ---- One assignment --------------------------------------------------------------------------------------------- */

#define lose(requests) lost_answers < LOST_ANSWERS -> lost_answers++; requests = requests | bit(name); \
    printf("owner %d gets no answer about staging file %d\n", me, name)
#define refuse() staging[name] != ABSENT && refusals < REFUSALS -> refusals++; \
    printf("owner %d is refused a rename of staging file %d\n", me, name)

proctype Owner(byte me) {
    byte my_position;     /* what this owner has read of the ledger, and confirmed since */
    byte marked;          /* the mark it has to settle: staging name + 1 */
    byte name;
    byte item;
    byte tries;
    byte verdict;
    byte answer;
    byte x;
#ifdef SERVER_CRASHES
    byte boot;
#endif

read_the_ledger:
    true;
    atomic {
        owner >= me && transaction[me] == NONE ->
        my_position = 0; marked = 0; name = 0; item = 0; verdict = 0; answer = 0;
#ifndef NO_HIGH_WATERMARK
        /* GUARD high_watermark: a transaction of a former owner that the group coordinator has accepted may still be
         * committed. */
        for (x : 0 .. OWNERS - 1) {
            if
            :: transaction[x] != NONE && flushed[x] -> awaits[me] = awaits[me] | bit(x)
            :: else
            fi
        }
        x = 0
#endif
    }
    atomic {
        awaits[me] == 0 ->
        my_position = position;
        marked = mark[0];
#ifdef TWO_FILES
        if
        :: marked == 0 -> marked = mark[1]
        :: else
        fi;
#endif
next_item:
        name = 0; item = 0; verdict = 0; answer = 0;
#ifdef SERVER_CRASHES
        boot = 0;
#endif
        printf("owner %d: position %d, mark of staging file %d\n", me, my_position, marked - 1);
        if
        :: marked != 0 -> goto settle
        :: marked == 0 && (available & (255 - my_position)) != 0 ->
            do
            :: has(my_position, item) || !has(available, item) -> item++
            :: else -> break
            od;
            goto stage
        :: else
        fi;
        /* INVARIANT ends: when the owner has nothing left to do, every sending has ended. */
        assert(owner != me || (outcome[0] != 0 && outcome[FILES - 1] != 0))
    }
end_idle:
    (available & (255 - my_position)) != 0;
    goto next_item;

    /* -- 1. Stage ------------------------------------------------------------------------------------------------- */
stage:
    true;
    atomic {
#ifdef NO_UNIQUE_NAMES
        name = item;
#else
        /* GUARD unique_names: a zombie's upload never touches a name that anybody else may rename. */
        assert(tries < TRIES);
        name = me * TRIES + tries;
        tries++;
#endif
        item_of[name] = item;
        printf("owner %d begins an execution of item %d as staging file %d\n", me, item, name);
#ifdef SERVER_CRASHES
        boot = boots;
#endif
open_file:
        if
        :: do_open(name)
        :: lose(late_open);
#ifdef NO_NEW_NAME_AFTER_LOST_ANSWER
            goto open_file
#else
            /* GUARD new_name_after_lost_answer: an execution ends with its connection, because a late request of it
             * could make its staging name anew after the rename. */
            goto broken_upload
#endif
        fi
    }
    atomic {
        if
        :: !connected(boot) -> goto broken_upload
        :: connected(boot) -> do_write(name)
        :: lose(late_write);
#ifndef NO_CLOSED_HANDLES
            /* GUARD closed_handles: every write, the close and the size are checked before PREPARED, so that nothing
             * is under way into a file that may be renamed. */
            goto broken_upload
#endif
        fi
    }
#if defined(SERVER_CRASHES) && !defined(NO_DURABLE_STAGING)
    /* GUARD durable_staging: a staging file that a crash took away looks like one that was published. */
    atomic {
        if
        :: !connected(boot) -> goto broken_upload
        :: else -> make_durable()
        fi
    }
#endif

    /* -- 2. Prepare ----------------------------------------------------------------------------------------------- */
    ask(PREPARED);
    atomic {
        finish();
        if
        :: answer == CONFIRMED
        :: answer == REFUSED -> goto over
        :: answer == UNKNOWN ->
#ifdef NO_CONFIRMED_SNAPSHOTS
            goto next_item
#else
#ifndef NO_RENAME_ONLY_CONFIRMED
            /* GUARD rename_only_confirmed: an aborted PREPARED is none. GUARD confirmed_snapshots: what comes next is
             * built on what the ledger says, not on what this owner believes it committed. */
            goto read_the_ledger
#endif
#endif
        fi;
        marked = name + 1; answer = 0
    };

    /* -- 3. Publish, and settling a mark: the same steps ----------------------------------------------------------- */
settle:
    true;
    atomic {
        name = marked - 1; item = item_of[name]; verdict = 0;
#ifdef SERVER_CRASHES
        boot = boots;
#endif
        printf("owner %d tries the rename of staging file %d\n", me, name);
        if
#ifdef NO_RENAME_IN_ONE_STEP
        :: staging[name] != ABSENT && final_name == 0 ->
            do_publish(name); staging[name] = WHOLE; goto unlink
        :: staging[name] != ABSENT && final_name != 0 ->
            printf("owner %d is refused the rename: the final name is there\n", me)
#else
        /* GUARD rename_in_one_step: the server's part. A rename that is a link and an unlink can be seen half done:
         * published, and yet there to be withdrawn, or to be published again. */
        :: staging[name] != ABSENT ->
            do_publish(name); verdict = COMPLETED; goto decided
#endif
        :: refuse()
        :: staging[name] == ABSENT
        :: lose(late_rename); goto settle
        fi
    }
#ifdef NO_WITHDRAW
    atomic {
        if
        :: staging[name] != ABSENT -> verdict = FAILED; goto decided
        :: else
        fi
    }
#else
    /* GUARD withdraw: a zombie may still send its rename; Failed is said only when it can find nothing. */
    atomic {
        printf("owner %d withdraws staging file %d\n", me, name);
        if
        :: staging[name] != ABSENT ->
            do_withdraw(name); verdict = FAILED; goto decided
        :: refuse()
        :: staging[name] == ABSENT
        :: lose(late_withdraw); goto settle
        fi
    }
#endif
#ifdef NO_STAGING_LOOKED_AT_FIRST
    atomic {
        if
        :: withdrawn[name] ->
            printf("owner %d finds staging file %d withdrawn\n", me, name);
            verdict = FAILED; goto decided
        :: else -> printf("owner %d does not find staging file %d withdrawn\n", me, name)
        fi
    }
#endif
#ifndef NO_REFUSAL_TOLD_FROM_ABSENCE
    /* GUARD refusal_told_from_absence: a withdrawal may be refused too; then the staging file is there, and so is the
     * mark until the server does one of the two. */
    atomic {
        if
        :: staging[name] != ABSENT ->
            printf("owner %d sees that staging file %d is there\n", me, name);
            goto settle
        :: else -> printf("owner %d sees that staging file %d is gone\n", me, name)
        fi
    }
#endif
#ifndef NO_STAGING_LOOKED_AT_FIRST
    /* GUARD staging_looked_at_first: only when the staging name is known to be gone can the withdrawn name be asked
     * where to; the other way round a zombie's withdrawal fits between. */
    atomic {
        if
        :: withdrawn[name] ->
            printf("owner %d finds staging file %d withdrawn\n", me, name);
            verdict = FAILED; goto decided
        :: else -> printf("owner %d does not find staging file %d withdrawn\n", me, name)
        fi
    }
#endif
    atomic {
        if
        :: final_name != 0 -> verdict = COMPLETED   /* even one that only looks like ours: by now it must be */
        :: final_name != name + 1 && evidence -> verdict = COMPLETED
        :: final_name != name + 1 && !evidence -> verdict = IN_DOUBT
        fi;
        printf("owner %d decides from the final name and the evidence: %e\n", me, verdict)
    }

#ifdef NO_RENAME_IN_ONE_STEP
    goto decided;
unlink:
    true;
    atomic {
        printf("    the server unlinks staging file %d\n", name);
        staging[name] = ABSENT; verdict = COMPLETED
    };
#endif
decided:
    true;
#ifdef SERVER_CRASHES
    atomic {
        if
#ifndef NO_ONE_CONNECTION
        /* GUARD one_connection: when the fsync comes over another connection than what was seen, a crash may have
         * undone that before. */
        :: !connected(boot) -> goto settle
#endif
#ifdef NO_DURABLE_PUBLICATION
        :: connected(boot) && verdict != FAILED
#endif
#ifdef NO_DURABLE_WITHDRAWAL
        :: connected(boot) && verdict == FAILED
#endif
        /* GUARD durable_publication, durable_withdrawal: a crash may undo a rename that was seen, and each decision
         * stands on one, whoever sent it. */
        :: else -> make_durable()
        fi
    }
#endif
#ifdef NO_CLEANED_LAST
    atomic { withdrawn[name] = false };
#endif

    /* -- 4. Complete ---------------------------------------------------------------------------------------------- */
    ask(verdict);
    atomic {
        finish();
        if
        :: answer == CONFIRMED -> marked = 0
        :: answer == REFUSED -> goto over
        :: answer == UNKNOWN -> goto read_the_ledger
        fi
    };
    /* GUARD cleaned_last: until Failed is committed the withdrawn file is what the next owner decides by. */
    atomic { withdrawn[name] = false; goto next_item };

broken_upload:
    true;
    /* The staging file stays where it is. Failed is reported, or another execution of the item begins. */
    if
    :: atomic { name = 0; answer = 0; goto stage }
    :: ask(FAILED);
        atomic {
            finish();
            if
            :: answer == CONFIRMED -> goto next_item
            :: answer == REFUSED -> goto over
            :: answer == UNKNOWN -> goto read_the_ledger
            fi
        }
    fi;

over:
    atomic { my_position = 0; marked = 0; name = 0; item = 0; verdict = 0; answer = 0 }
}

/* ---- Everybody else --------------------------------------------------------------------------------------------- */

proctype World() {
    byte n;
    byte x;
end_world:
    do
    :: atomic { owner < OWNERS - 1 ->
        owner++;
        printf("the partition is given to owner %d\n", owner) }

    /* A partner that takes the file; it may also leave it. */
    :: atomic { final_name != 0 ->
#ifdef SERVER_CRASHES
        if
        :: durable_final != final_name -> taken_early = true
        :: else -> durable_final = 0
        fi;
#endif
        printf("the partner takes the file\n");
        final_name = 0 }

    /* Only when it may be asked for; earlier would be the same. */
    :: atomic { evidence && mark[0] != 0 && staging[mark[0] - 1] == ABSENT ->
        printf("the evidence expires\n");
        evidence = false }
#ifdef TWO_FILES
    :: atomic { evidence && mark[1] != 0 && staging[mark[1] - 1] == ABSENT ->
        printf("the evidence expires\n");
        evidence = false }
#endif

#ifdef NO_RESEND_ONLY_AFTER_FAILED
    /* A deadline that passed says nothing about the delivery: its Completed may be committed and not yet read. */
    :: atomic { available == 1 ->
        printf("the deadline fires, and item 1 is made, the next attempt\n");
        available = 3 }
#endif
    /* GUARD resend_only_after_failed: otherwise do_commit alone makes an item of the next attempt available. */

    /* Requests without an answer. */
    :: atomic { (late_open | late_write | late_rename | late_withdraw) != 0 ->
        printf("a late request reaches the server\n");
        n = 0;
        do
        :: has(late_open, n) -> late_open = late_open & ~bit(n); do_open(n); break
        :: has(late_write, n) -> late_write = late_write & ~bit(n); do_write(n); break
        :: has(late_rename, n) -> late_rename = late_rename & ~bit(n);
            if
#ifdef NO_RENAME_IN_ONE_STEP
            :: staging[n] != ABSENT && final_name == 0 -> do_publish(n)
#else
            :: staging[n] != ABSENT -> do_publish(n)
#endif
            :: else
            fi;
            break
        :: has(late_withdraw, n) -> late_withdraw = late_withdraw & ~bit(n);
            if
            :: staging[n] != ABSENT -> do_withdraw(n)
            :: else
            fi;
            break
        :: n < EXECUTIONS - 1 -> n++
        :: n == EXECUTIONS - 1 -> break
        od;
        n = 0 }

    /* The transaction coordinator: what nobody ends is aborted; what was asked to commit may be either. */
    :: atomic { transaction[0] == ENDING || transaction[1] == ENDING || transaction[OWNERS - 1] == ENDING ->
        n = 0;
        do
        :: transaction[n] == ENDING -> do_commit(n); break
        :: transaction[n] == ENDING ->
            printf("aborted: the transaction of owner %d\n", n);
            settle_transaction(n); break
        :: n < OWNERS - 1 && transaction[n] != ENDING -> n++
        od;
        n = 0 }
    :: atomic { transaction[0] == OPEN && owner != 0 ->
        printf("aborted after a time-out: the transaction of owner 0\n");
        settle_transaction(0) }
    :: atomic { transaction[1] == OPEN && owner != 1 ->
        printf("aborted after a time-out: the transaction of owner 1\n");
        settle_transaction(1) }
    :: atomic { transaction[owner] == OPEN && broken_commits < BROKEN_COMMITS ->
        printf("aborted under way: the transaction of owner %d\n", owner);
        broken_commits++; settle_transaction(owner) }

#ifdef SERVER_CRASHES
    :: atomic { boots < CRASHES && !taken_early ->
        printf("the server crashes\n");
        boots++;
        if
        :: final_name != 0 && durable_final != final_name ->
            n = file_of(item_of[final_name - 1]);
            /* INVARIANT completed: what was recorded stays published. */
            assert(outcome[n] != COMPLETED);
            appeared[n] = false;
            n = 0
        :: else
        fi;
        for (x : 0 .. EXECUTIONS - 1) {
            staging[x] = durable_staging[x];
            withdrawn[x] = durable_withdrawn[x]
        }
        x = 0;
        final_name = durable_final;
        late_open = 0; late_write = 0; late_rename = 0; late_withdraw = 0 }
#endif
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
