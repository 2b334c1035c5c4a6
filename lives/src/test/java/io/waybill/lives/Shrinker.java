package io.waybill.lives;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Proof;
import io.waybill.lives.Plan.Partner;
import io.waybill.lives.Plan.Put;
import io.waybill.lives.Plan.Settings;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.UnknownOutcome;
import io.waybill.runtime.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Makes a life that breaks a promise shorter for as long as it breaks that promise: fewer files, faults and choices. */
final class Shrinker {
    private static final int MOST_LIVES = 1500;

    private final Topics topics;
    private final Promises promises;
    private final Promise promise;
    private final Predicate<String> same;
    private Plan best;
    private int lives;

    private Shrinker(Plan plan, Promise promise, Predicate<String> same, Topics topics, Promises promises) {
        this.best = plan;
        this.promise = promise;
        this.same = same;
        this.topics = topics;
        this.promises = promises;
    }

    /** The shortest plan that was found. */
    static Plan shrink(Life.Result result, Promise promise, Topics topics, Promises promises) {
        return shrink(result, promise, _ -> true, topics, promises);
    }

    /**
     * The shortest that breaks the promise in a certain way.
     *
     * @param same whether what the checker says is still what is looked for
     */
    static Plan shrink(
            Life.Result result, Promise promise, Predicate<String> same, Topics topics, Promises promises) {
        return new Shrinker(result.plan(), promise, same, topics, promises).shrink(result);
    }

    private Plan shrink(Life.Result result) {
        improve(result.plan().repeating(Map.of()));
        if (best.choices() == null) {
            improve(result.plan().repeating(result.choices()));
        }
        Plan before;
        do {
            before = best;
            fewerFaults();
            fewerPuts();
            simplerPuts();
            plainerSettings();
            fewerChoices();
            simplerFaults();
        } while (!before.equals(best) && lives < MOST_LIVES);
        return best;
    }

    private void improve(Plan plan) {
        if (lives++ >= MOST_LIVES || plan.equals(best)) {
            return;
        }
        boolean fails;
        try {
            String how = Life.live(plan, topics, promises, false).violations().get(promise);
            fails = how != null && same.test(how);
        } catch (IllegalStateException e) {
            // The life cannot be lived so; it is no shorter one.
            return;
        }
        if (fails) {
            best = plan;
        }
    }

    private void fewerFaults() {
        for (int i = best.faults().size() - 1; i >= 0; i--) {
            improve(best.with(best.puts(), without(best.faults(), i)));
        }
    }

    private void fewerPuts() {
        for (int i = best.puts().size() - 1; i >= 0 && best.puts().size() > 1; i--) {
            improve(best.with(without(best.puts(), i), best.faults()));
        }
    }

    private static <T> List<T> without(List<T> all, int index) {
        List<T> fewer = new ArrayList<>(all);
        fewer.remove(index);
        return fewer;
    }

    private void simplerPuts() {
        List<Function<Put, Put>> ways = List.of(
                put -> new Put(put.key(), put.bytes(), put.fill(), put.at(), put.told(), 0),
                put -> new Put(put.key(), 10, put.fill(), put.at(), put.told(), put.again()),
                put -> new Put(put.key(), put.bytes(), put.fill(), put.at(), put.at() + 100, put.again()),
                put -> new Put(put.key(), put.bytes(), put.fill(), 0, put.told() - put.at(), put.again()),
                put -> new Put(0, put.bytes(), put.fill(), put.at(), put.told(), put.again()));
        for (int i = 0; i < best.puts().size(); i++) {
            for (Function<Put, Put> way : ways) {
                List<Put> puts = new ArrayList<>(best.puts());
                puts.set(i, way.apply(puts.get(i)));
                improve(best.with(puts, best.faults()));
            }
        }
    }

    private void simplerFaults() {
        for (int i = 0; i < best.faults().size(); i++) {
            Fault fault = best.faults().get(i);
            improve(best.with(
                    best.puts(),
                    replaced(i, new Fault(fault.kind(), fault.at(), Math.min(fault.millis(), 500), fault.which()))));
        }
    }

    private List<Fault> replaced(int index, Fault instead) {
        List<Fault> faults = new ArrayList<>(best.faults());
        faults.set(index, instead);
        return faults;
    }

    private void plainerSettings() {
        List<UnaryOperator<Settings>> ways = List.of(
                s -> set(s, s.policy(), UnknownOutcome.HOLD, s.verify(), s.staging(), s.fifo(), s.lanes(), s.inFlight(),
                        s.partner()),
                s -> set(s, ConflictPolicy.REPLACE, s.unknown(), s.verify(), s.staging(), s.fifo(), s.lanes(),
                        s.inFlight(), s.partner()),
                s -> set(s, s.policy(), s.unknown(), Proof.SIZE, s.staging(), s.fifo(), s.lanes(), s.inFlight(),
                        s.partner()),
                s -> set(s, s.policy(), s.unknown(), s.verify(), Staging.Kind.DIRECTORY, s.fifo(), s.lanes(),
                        s.inFlight(), s.partner()),
                s -> set(s, s.policy(), s.unknown(), s.verify(), s.staging(), false, s.lanes(), s.inFlight(),
                        s.partner()),
                s -> set(s, s.policy(), s.unknown(), s.verify(), s.staging(), s.fifo(), 1, s.inFlight(), s.partner()),
                s -> set(s, s.policy(), s.unknown(), s.verify(), s.staging(), s.fifo(), s.lanes(), 1, s.partner()),
                s -> set(s, s.policy(), s.unknown(), s.verify(), s.staging(), s.fifo(), s.lanes(), s.inFlight(),
                        Partner.NEVER_TAKES));
        for (UnaryOperator<Settings> way : ways) {
            improve(best.with(way.apply(best.settings())));
        }
    }

    private static Settings set(
            Settings s,
            ConflictPolicy policy,
            UnknownOutcome unknown,
            Proof verify,
            Staging.Kind staging,
            boolean fifo,
            int lanes,
            int inFlight,
            Partner partner) {
        return new Settings(
                s.profile(), s.versioned(), policy, unknown, verify, staging, fifo, lanes, inFlight,
                s.attempts(), s.unclaimed(), s.unfinished(), s.evidence(), partner, s.unusual(),
                s.partitions(), s.importer(), s.monitored(), s.emptying());
    }

    private void fewerChoices() {
        if (best.choices() == null) {
            return;
        }
        for (int part = Math.max(1, best.choices().size() / 2); part >= 1; part /= 2) {
            for (int from = 0; from < best.choices().size(); from += part) {
                Map<Integer, Integer> fewer = new TreeMap<>();
                int number = 0;
                for (var choice : best.choices().entrySet()) {
                    if (number < from || number >= from + part) {
                        fewer.put(choice.getKey(), choice.getValue());
                    }
                    number++;
                }
                improve(best.repeating(fewer));
            }
        }
    }
}
