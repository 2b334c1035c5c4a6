/*
 * Replacing in two steps, as in docs/exactly-once.md: a server of class C renames, but never onto a name that is taken.
 * The new file is staged and PREPARED, the old one has the final name. Begins where delivery.pml has "3. Publish".
 *
 * Owners, zombies and guards are as in delivery.pml. A transaction is one step here.
 *
 * Variants:  -DFORMER_OWNERS_DIE  a former owner takes no further step; its late requests may still be applied
 *            -DPROOF              a committed empty transaction right before the old file is set aside
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

/* ---- The files -------------------------------------------------------------------------------------------------- */

#define OLD 0
#define NEW 1
#define NEITHER 2

mtype = {
    PREPARED, COMPLETED, FAILED,
    old_file, new_file, none,               /* for the stories */
    /* Requests */
    REMOVE,                                 /* what is CLOSED */
    CLOSE,                                  /* the aside directory gets another name */
    PUT_BACK,                               /* CLOSED to FINAL */
    SET_ASIDE,                              /* FINAL to ASIDE */
    WITHDRAW,                               /* STAGING to WITHDRAWN */
    PUBLISH,                                /* STAGING to FINAL */
    /* Where a file has no name any more: taken by the partner, or removed by us */
    TAKEN, REMOVED,
    /* Names, for one file each. The aside directory is made before PREPARED, by nobody later, and holds one name;
     * INSIDE is that name when the directory was renamed. */
    STAGING, WITHDRAWN, FINAL, ASIDE, INSIDE
}
#ifdef NO_ASIDE_CLOSED
#define CLOSED ASIDE
#else
#define CLOSED INSIDE
#endif

mtype place[2];
#define called(file) ((file) == NEITHER -> none : ((file) == NEW -> new_file : old_file))
bool closed;              /* the aside directory was renamed */
bool appeared;            /* the new file has had the final name */

#define at(name) (place[OLD] == (name) -> OLD : (place[NEW] == (name) -> NEW : NEITHER))

/* ---- Kafka ------------------------------------------------------------------------------------------------------ */

byte owner;
mtype mark = PREPARED;     /* then what was decided, as long as there is something to remove; then 0 */
mtype outcome;

byte lost_answers;
byte refusals;

/* Requests whose answer was lost: the server may apply them at any time, or never. */
int late;
#define bit(i) (1 << (i))
#define has(set, i) (((set) >> (i)) & 1)

/* INVARIANT stays: the partner has what was recorded, or has it still under the final name. */
inline look() {
    assert(outcome != COMPLETED || place[NEW] == FINAL || place[NEW] == TAKEN)
}

/* INVARIANT restored: of an attempt that Failed nothing is to be seen. */
inline look_back() {
    assert(outcome != FAILED || place[OLD] == FINAL || place[OLD] == TAKEN)
}

inline do_rename(from, to) {
    x = at(from);
    if
    :: x != NEITHER && at(to) == NEITHER && (to != ASIDE || !closed) ->
        printf("    the server renames from %e to %e: %e\n", from, to, called(x));
#if defined(FORMER_OWNERS_DIE) && LOST_ANSWERS == 0
        assert(from != FINAL || x == OLD);                        /* INVARIANT steady: the new file never disappears */
#endif
        assert(to != FINAL || x == NEW || !appeared);             /* INVARIANT older: the old never follows the new */
        assert(to != FINAL || x == OLD || outcome != FAILED);     /* INVARIANT failed: what is Failed never appears */
        assert(to != FINAL || x == OLD || outcome != COMPLETED);  /* INVARIANT again: what is COMPLETED never reappears */
        appeared = appeared || (to == FINAL && x == NEW);
        place[x] = to;
        look();
        look_back();
        done = true
    :: else -> done = false
    fi;
    x = 0
}

inline do_close() {
    if
#ifndef NO_ASIDE_CLOSED
    :: !closed ->
        printf("    the server renames the aside directory\n");
        closed = true;
        place[OLD] = (place[OLD] == ASIDE -> CLOSED : place[OLD]);
        place[NEW] = (place[NEW] == ASIDE -> CLOSED : place[NEW])
#endif
    :: else
    fi
}

inline do_remove() {
    x = at(CLOSED);
    if
    :: x != NEITHER ->
        printf("    the server removes %e from %e\n", called(x), CLOSED);
        assert(x == OLD && outcome == COMPLETED);                 /* INVARIANT kept: only the old, only after COMPLETED */
        place[x] = REMOVED
    :: else
    fi;
    x = 0
}

inline apply(request) {
    if
    :: request == PUBLISH -> do_rename(STAGING, FINAL)
    :: request == WITHDRAW -> do_rename(STAGING, WITHDRAWN)
    :: request == SET_ASIDE -> do_rename(FINAL, ASIDE)
    :: request == PUT_BACK -> do_rename(CLOSED, FINAL)
    :: request == CLOSE -> do_close(); done = true
    :: request == REMOVE -> do_remove(); done = true
    fi
}

/* ---- One assignment --------------------------------------------------------------------------------------------- */

#define DONE 0
#define REFUSED 1         /* the server does not say why */
#define LOST 2

inline ask(request) {
    if
    :: printf("owner %d asks: %e\n", me, request);
        apply(request);
        answer = (done -> DONE : REFUSED); done = false
    :: (request == PUBLISH || request == PUT_BACK) && refusals < REFUSALS ->
        printf("owner %d asks: %e; the server refuses\n", me, request);
        refusals++; answer = REFUSED
    :: lost_answers < LOST_ANSWERS ->
        printf("owner %d asks: %e; no answer\n", me, request);
        lost_answers++; late = late | bit(request); answer = LOST
    fi
}

proctype Owner(byte me) {
    byte verdict;
    byte answer;
    byte x;
    bool done;

    {
    atomic {
        owner >= me ->
        printf("owner %d finds the mark %e\n", me, mark);
        if
        :: mark == PREPARED -> verdict = 0
        :: mark == COMPLETED || mark == FAILED -> verdict = mark; goto clean
        :: mark == 0 -> goto over
        fi
    }

    /* -- Publish, and settling a mark: the same steps -------------------------------------------------------------- */
settle:
    atomic {
        ask(PUBLISH);
        if
        :: answer == DONE -> verdict = COMPLETED; goto close
        :: answer == REFUSED
        :: answer == LOST -> goto settle
        fi
    }
    atomic {
        printf("owner %d looks: new_file is %e, old_file is %e\n", me, place[NEW], place[OLD]);
        if
#ifdef NO_STAGING_SEEN_FIRST
        :: at(FINAL) != NEITHER
#else
        /* GUARD staging_seen_first: what has the final name may be the new file. */
        :: place[NEW] == STAGING && at(FINAL) != NEITHER
#endif
        :: place[NEW] == STAGING && at(FINAL) == NEITHER -> goto withdraw
        :: else -> goto gone
        fi
    }
#ifdef PROOF
    atomic {
        if
        :: owner == me -> printf("owner %d proves that it is the owner\n", me)
        :: else -> goto over
        fi
    }
#endif
    atomic { ask(SET_ASIDE) }
    atomic {
        ask(PUBLISH);
        if
        :: answer == DONE -> verdict = COMPLETED; goto close
        :: answer == REFUSED
        :: answer == LOST -> goto settle
        fi
    }
#ifdef NO_CLOSED_BEFORE_PUT_BACK
    /* GUARD closed_before_put_back: whoever still can publish may have done so; then the old file belongs nowhere. */
    atomic { ask(PUT_BACK) }
#endif

withdraw:
    atomic {
        ask(WITHDRAW);
        if
        :: answer == DONE -> verdict = FAILED; goto close
        :: answer == REFUSED
        :: answer == LOST -> goto settle
        fi
    }
gone:
    atomic {
        if
        :: place[NEW] == STAGING -> goto settle
        :: place[NEW] == WITHDRAWN -> verdict = FAILED
        :: else -> verdict = COMPLETED
        fi;
        printf("owner %d decides: %e\n", me, verdict)
    }

    /* The staging file is gone for good. GUARD aside_closed: a late request, or a zombie between its look and its
     * request, could still set the new file aside, or put the old one back. */
close:
#ifdef NO_CLOSED_BEFORE_RECORDED
    goto recorded;
#endif
closing:
    atomic {
        ask(CLOSE);
        if
        :: answer == LOST -> goto closing
        :: else
        fi
    }
put_back:
    atomic {
        printf("owner %d finds in %e: %e\n", me, CLOSED, called(at(CLOSED)));
        if
#ifndef NO_NEW_PUT_BACK
        /* GUARD new_put_back: a zombie took the new file for the old one. */
        :: at(CLOSED) == NEW && verdict == COMPLETED
#endif
#ifndef NO_OLD_PUT_BACK
        /* GUARD old_put_back: Failed leaves the partner what he had. */
        :: at(CLOSED) == OLD && verdict == FAILED
#endif
        :: else -> goto recorded
        fi
    }
    atomic {
        ask(PUT_BACK);
        goto put_back
    }
recorded:
#ifdef NO_REMOVED_LAST
    /* GUARD removed_last: as long as nothing is recorded the next owner may decide otherwise. */
    atomic { ask(REMOVE) }
#endif
    atomic {
        if
        :: owner == me && mark == PREPARED ->
            printf("owner %d commits %e\n", me, verdict);
            mark = verdict; outcome = verdict;
            assert(verdict != COMPLETED || appeared);   /* INVARIANT completed: only what was published */
            assert(verdict != FAILED || !appeared);     /* INVARIANT failed: never what was published */
            look();
            look_back()
        :: else -> goto over
        fi
    }

clean:
#ifdef NO_CLOSED_BEFORE_RECORDED
    /* GUARD closed_before_recorded: nobody looks afterwards. */
    atomic { ask(CLOSE) }
#endif
    atomic {
        if
        :: verdict == COMPLETED -> ask(REMOVE)
        :: else
        fi
    }
    atomic {
        if
        :: owner == me -> printf("owner %d clears the mark\n", me); mark = 0
        :: else
        fi
    }

over:
    true
#ifdef FORMER_OWNERS_DIE
    } unless { owner > me -> printf("owner %d dies\n", me) };
#else
    };
#endif
    atomic { verdict = 0; answer = 0 }
}

proctype World() {
    byte n;
    byte x;
    bool done;
end_world:
    do
    :: atomic { owner < OWNERS - 1 -> owner++; printf("the partition is given to owner %d\n", owner) }
    :: atomic { place[OLD] == FINAL -> printf("the partner takes the old file\n"); place[OLD] = TAKEN }
    :: atomic { place[NEW] == FINAL -> printf("the partner takes the new file\n"); place[NEW] = TAKEN }
    :: atomic { late != 0 ->
        n = PUBLISH;
        do
        :: has(late, n) ->
            printf("a late request reaches the server: %e\n", n);
            late = late & ~bit(n); apply(n); break
        :: n < REMOVE -> n++
        :: n == REMOVE -> break
        od;
        n = 0; done = false }
    od
}

init {
    byte i;
    atomic {
        place[OLD] = FINAL;
        place[NEW] = STAGING;
        for (i : 0 .. OWNERS - 1) {
            run Owner(i)
        }
        i = 0;
        run World()
    }
}
