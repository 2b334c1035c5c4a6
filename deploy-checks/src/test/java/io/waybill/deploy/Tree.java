package io.waybill.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps through maps and lists. A step is the key of a map or the index of a list. */
final class Tree {
    private Tree() {}

    static Optional<Object> at(Object root, Object... path) {
        Object here = root;
        for (Object step : path) {
            here = switch (here) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list when step instanceof Integer index && index < list.size() -> list.get(index);
                case null, default -> null;
            };
        }
        return Optional.ofNullable(here);
    }

    static List<Object> list(Object root, Object... path) {
        return at(root, path).filter(List.class::isInstance)
                .<List<Object>>map(found -> new ArrayList<>((List<?>) found))
                .orElse(List.of());
    }

    /** The text there; empty if there is none. */
    static String text(Object root, Object... path) {
        return at(root, path).map(String::valueOf).orElse("");
    }

    static Map<String, Object> map(Object value) {
        var map = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) value).forEach((key, one) -> map.put(String.valueOf(key), one));
        return map;
    }

    /** The same again, which may be changed without this one. */
    static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, Object>();
                map.forEach((key, one) -> copy.put(String.valueOf(key), copy(one)));
                yield copy;
            }
            case List<?> list -> new ArrayList<>(list.stream().map(Tree::copy).toList());
            case null, default -> value;
        };
    }
}
