/*
 * Resuming an upload, as in docs/exactly-once.md: the file is two chunks long, and a STAGING mark says that the first is
 * safe. delivery.pml checks everything after the upload; here PREPARED and the rename are one step each.
 *
 * Owners, zombies and guards are as in delivery.pml.
 */

#ifndef OWNERS
#define OWNERS 3
#endif
#ifndef LOST_ANSWERS
#define LOST_ANSWERS 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif

/* Executions of an owner: one, and one more for each answer lost or connection broken by a crash. */
#define TRIES (1 + LOST_ANSWERS + CRASHES)
#define EXECUTIONS (OWNERS * TRIES)
#define FINAL EXECUTIONS              /* the final name, beside the staging names 0, 1, ... */

#define FIRST 1
#define SECOND 2
#define WHOLE (FIRST + SECOND)

byte owner;

/* The committed ledger: a staging name + 1. */
byte staging_mark;                    /* the first chunk is safe in this file */
byte prepared;

/* The server: a name leads to a file, the number of the execution that made it, + 1. */
byte file_at[EXECUTIONS + 1];
byte chunks[EXECUTIONS];              /* the chunks whose bytes are right */
byte durable[EXECUTIONS];             /* those that a crash leaves */
byte size[EXECUTIONS];                /* in chunks: where a chunk before the end is missing, there are zeros */
byte boots;

/* Requests whose answer was lost: the server may apply them at any time before it crashes, or never. */
int late_first;                       /* by file: through a handle, wherever the file has been renamed to */
int late_second;
int late_truncation;                  /* by name */
int late_takeover;                    /* by new name ... */
byte late_from[EXECUTIONS];           /* ... and the old one + 1 */

byte lost_answers;

#define bit(i) (1 << (i))
#define has(set, i) (((set) >> (i)) & 1)

/* INVARIANT altered: once the final name is there, its bytes stay the source's. */
inline look_at_final() {
    assert(file_at[FINAL] == 0 || (chunks[file_at[FINAL] - 1] == WHOLE && size[file_at[FINAL] - 1] == 2))
}

inline do_write(f, chunk) {
    printf("    the server writes chunk %d of file %d\n", chunk, f);
    chunks[f] = chunks[f] | chunk;
    size[f] = (size[f] > chunk -> size[f] : chunk);
    look_at_final()
}

/* To the length of the first chunk; a shorter file is filled with zeros. */
inline do_truncate(n) {
    if
    :: file_at[n] != 0 ->
        printf("    the server truncates staging file %d (file %d)\n", n, file_at[n] - 1);
        chunks[file_at[n] - 1] = chunks[file_at[n] - 1] & FIRST;
        durable[file_at[n] - 1] = durable[file_at[n] - 1] & FIRST;
        size[file_at[n] - 1] = 1
    :: else
    fi;
    look_at_final()
}

inline do_take_over(old, n) {
    if
    :: file_at[old] != 0 ->
        printf("    the server renames staging file %d to %d (file %d)\n", old, n, file_at[old] - 1);
        file_at[n] = file_at[old];
        file_at[old] = 0
    :: else
    fi
}

#define connected() (boot == boots)
#define lose(requests, which) lost_answers < LOST_ANSWERS -> lost_answers++; requests = requests | bit(which); \
    printf("owner %d gets no answer\n", me)

proctype Owner(byte me) {
    byte tries;
    byte name;         /* of this execution */
    byte old;          /* the staging name of the mark + 1 */
    byte handle;       /* the file that it writes to */
    byte acknowledged; /* its chunks that are known to be there */
    byte boot;

execution:
    true;
    atomic {
        owner >= me;
        if
        :: prepared != 0 -> goto over
        :: else
        fi;
        assert(tries < TRIES);
        name = me * TRIES + tries; tries++; boot = boots; handle = 0; acknowledged = 0;
        old = staging_mark;
        printf("owner %d begins an execution as staging file %d; the mark is %d\n", me, name, old - 1);
        if
        :: old == 0 -> goto from_the_start
        :: else
        fi
    }

    /* -- Go on where another execution stopped -------------------------------------------------------------------- */
#ifndef NO_OWNER_TAKES_OVER
    /* GUARD owner_takes_over: a zombie may read the mark of the present owner, whose file will be PREPARED. Whoever
     * commits something after it has read the mark was the owner when it read, so the mark is of the past. */
    atomic {
        if
        :: owner == me && prepared == 0 -> printf("owner %d commits Started\n", me)
        :: else -> goto over
        fi
    }
#endif
#ifdef NO_OWN_NAME
    atomic {
        name = old - 1;
        if
        :: file_at[name] == 0 -> goto from_the_start
        :: else
        fi
    }
#else
    /* GUARD own_name: taking the file away under a name of its own makes every late truncation of others find nothing. */
    atomic {
        if
        :: !connected() -> goto execution
        :: connected() && file_at[old - 1] != 0 -> do_take_over(old - 1, name)
        :: connected() && file_at[old - 1] == 0 -> goto from_the_start
        :: lose(late_takeover, name); late_from[name] = old;
#ifdef NO_NEW_NAME_AFTER_LOST_TAKEOVER
            goto from_the_start
#else
            /* GUARD new_name_after_lost_takeover: the late rename would put the old part over the new upload. */
            goto execution
#endif
        fi
    }
#endif
    atomic {
        if
        :: !connected() || file_at[name] == 0 -> goto execution
        :: connected() && file_at[name] != 0 -> do_truncate(name);
            handle = file_at[name] - 1; acknowledged = FIRST; goto upload
        :: lose(late_truncation, name); goto execution
        fi
    }

from_the_start:
    true;
    atomic {
        if
        :: !connected() -> goto execution
        :: else -> handle = name; chunks[handle] = 0; durable[handle] = 0; size[handle] = 0; file_at[name] = handle + 1
        fi
    }

    /* -- Write, in any order: the requests are pipelined ---------------------------------------------------------- */
upload:
    true;
    do
    :: atomic { !connected() -> goto execution }
    :: atomic { connected() && !(acknowledged & FIRST) ->
        if
        :: do_write(handle, FIRST); acknowledged = acknowledged | FIRST
        :: lose(late_first, handle); goto execution
        fi }
    :: atomic { connected() && !(acknowledged & SECOND) ->
        if
        :: do_write(handle, SECOND); acknowledged = acknowledged | SECOND
        :: lose(late_second, handle); goto execution
        fi }
#ifdef NO_CONTIGUOUS
    :: atomic { connected() && size[handle] >= 1 && staging_mark != name + 1 ->
#else
    /* GUARD contiguous: the size says nothing about what is missing before it. */
    :: atomic { connected() && (acknowledged & FIRST) && staging_mark != name + 1 ->
#endif
#ifndef NO_DURABLE_MARK
        /* GUARD durable_mark: a crash of the server takes bytes away that were acknowledged, not those of an fsync. */
        durable[handle] = chunks[handle]
#endif
        }
        atomic {
            if
            :: owner == me && prepared == 0 ->
                printf("owner %d commits STAGING: staging file %d\n", me, name);
                staging_mark = name + 1
            :: else -> goto over
            fi
        }
    :: atomic { connected() && acknowledged == WHOLE -> durable[handle] = chunks[handle]; break }
    od;

    /* -- Prepare, and publish: delivery.pml says how --------------------------------------------------------------- */
    atomic {
        if
        :: owner == me && prepared == 0 ->
            printf("owner %d commits PREPARED: staging file %d\n", me, name);
            prepared = name + 1; staging_mark = 0
        :: else -> goto over
        fi
    }
    atomic {
        printf("owner %d renames staging file %d to the final name\n", me, name);
        file_at[FINAL] = file_at[name]; file_at[name] = 0;
        assert(file_at[FINAL] != 0);        /* INVARIANT there: what is PREPARED is there */
        look_at_final()
    }

over:
    atomic { name = 0; old = 0; handle = 0; acknowledged = 0; boot = 0 }
}

proctype World() {
    byte n;
end_world:
    do
    :: atomic { owner < OWNERS - 1 -> owner++; printf("the partition is given to owner %d\n", owner) }
    :: atomic { (late_first | late_second | late_truncation | late_takeover) != 0 ->
        printf("a late request reaches the server\n");
        n = 0;
        do
        :: has(late_first, n) -> late_first = late_first & ~bit(n); do_write(n, FIRST); break
        :: has(late_second, n) -> late_second = late_second & ~bit(n); do_write(n, SECOND); break
        :: has(late_truncation, n) -> late_truncation = late_truncation & ~bit(n); do_truncate(n); break
        :: has(late_takeover, n) -> late_takeover = late_takeover & ~bit(n); do_take_over(late_from[n] - 1, n); break
        :: n < EXECUTIONS - 1 -> n++
        :: n == EXECUTIONS - 1 -> break
        od;
        n = 0 }
    /* The names are durable here; delivery.pml has crashes that forget them. */
    :: atomic { boots < CRASHES ->
        printf("the server crashes\n");
        boots++;
        for (n : 0 .. EXECUTIONS - 1) {
            chunks[n] = durable[n];
            if
            :: size[n] > chunks[n] -> size[n] = chunks[n]
            :: size[n] > chunks[n]              /* the size survives, the bytes do not */
            :: else
            fi
        }
        n = 0;
        late_first = 0; late_second = 0; late_truncation = 0; late_takeover = 0;
        look_at_final() }
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
