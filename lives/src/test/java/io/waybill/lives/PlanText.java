package io.waybill.lives;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Plans as text, one line for each part; a plan that is kept does not depend on how plans are drawn. */
final class PlanText {
    private PlanText() {}

    /**
     * A life that is kept.
     *
     * @param name    what it is called
     * @param promise the one that it broke once
     * @param shows   what it showed
     */
    record Kept(String name, Promise promise, String shows, Plan plan) {}

    static String write(Kept kept) {
        var text = new StringBuilder();
        text.append("life ").append(kept.name()).append(' ').append(kept.promise().id()).append('\n');
        text.append("shows ").append(kept.shows()).append('\n');
        text.append("seed ").append(kept.plan().seed()).append('\n');
        text.append("settings ").append(fields(kept.plan().settings())).append('\n');
        kept.plan().puts().forEach(put -> text.append("put ").append(fields(put)).append('\n'));
        kept.plan().faults().forEach(fault -> text.append("fault ").append(fields(fault)).append('\n'));
        if (kept.plan().choices() != null) {
            text.append("choices ")
                    .append(kept.plan().choices().entrySet().stream()
                            .map(choice -> choice.getKey() + ":" + choice.getValue())
                            .collect(Collectors.joining(" ")))
                    .append('\n');
        }
        return text.toString();
    }

    /** Lives, with an empty line between any two; lines that begin with # are for people. */
    static List<Kept> read(String text) {
        return Arrays.stream(text.split("\n\\s*\n", -1))
                .filter(block -> block.lines().anyMatch(line -> line.startsWith("life ")))
                .map(PlanText::life)
                .toList();
    }

    private static Kept life(String block) {
        String[] life = {};
        String shows = "";
        long seed = 0;
        Plan.Settings settings = null;
        List<Plan.Put> puts = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        Map<Integer, Integer> choices = null;
        for (String line : block.lines().filter(each -> !each.startsWith("#")).toList()) {
            String word = line.split(" ", 2)[0];
            String rest = line.substring(Math.min(line.length(), word.length() + 1));
            switch (word) {
                case "life" -> life = rest.split(" ", -1);
                case "shows" -> shows = rest;
                case "seed" -> seed = Long.parseLong(rest);
                case "settings" -> settings = record(Plan.Settings.class, rest);
                case "put" -> puts.add(record(Plan.Put.class, rest));
                case "fault" -> faults.add(record(Fault.class, rest));
                case "choices" -> choices = choices(rest);
                default -> throw new IllegalArgumentException("what is '" + line + "'?");
            }
        }
        String id = life[1];
        Promise promise = Arrays.stream(Promise.values()).filter(each -> each.id().equals(id)).findAny().orElseThrow();
        return new Kept(life[0], promise, shows, new Plan(seed, settings, puts, faults, choices));
    }

    private static Map<Integer, Integer> choices(String text) {
        Map<Integer, Integer> choices = new TreeMap<>();
        if (!text.isBlank()) {
            for (String choice : text.strip().split(" ", -1)) {
                String[] parts = choice.split(":", -1);
                choices.put(Integer.valueOf(parts[0]), Integer.valueOf(parts[1]));
            }
        }
        return choices;
    }

    private static String fields(Record record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(component -> component.getName() + "=" + value(record, component))
                .collect(Collectors.joining(" "));
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <R extends Record> R record(Class<R> kind, String text) {
        Map<String, String> values = new HashMap<>();
        for (String field : text.strip().split(" ", -1)) {
            String[] parts = field.split("=", 2);
            values.put(parts[0], parts[1]);
        }
        RecordComponent[] components = kind.getRecordComponents();
        Object[] arguments = Arrays.stream(components)
                .map(component -> parsed(component.getType(), values.get(component.getName())))
                .toArray();
        try {
            var constructor = kind.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of what is not there, as the record says. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object parsed(Class<?> type, String text) {
        if (text == null) {
            return type == boolean.class ? (Object) false : type.isEnum() ? type.getEnumConstants()[0] : (Object) 0;
        }
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        if (type == long.class) {
            return Long.valueOf(text);
        }
        return type == boolean.class ? Boolean.valueOf(text) : Enum.valueOf((Class) type, text);
    }
}
