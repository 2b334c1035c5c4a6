package io.waybill.state.audit;

import io.waybill.domain.audit.AuditEntry.Target;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a request asks for, as its address says it: {@code /v1/KINDs/NAME/WHAT}, or {@code /v1/WHAT} for many files. So a
 * new route is audited without a line about it.
 */
record Subject(String what, Target target) {
    static final String FILES = "files";

    static Subject of(String path) {
        List<String> parts = List.of(path.split("/"));
        if (parts.size() == 5 && parts.get(1).equals("v1")) {
            String kind = parts.get(2);
            String singular = kind.endsWith("s") ? kind.substring(0, kind.length() - 1) : kind;
            return new Subject(parts.get(4), new Target(singular, decoded(parts.get(3))));
        }
        if (parts.size() == 3 && parts.get(1).equals("v1")) {
            return new Subject(parts.get(2), new Target(FILES, ""));
        }
        return new Subject(parts.isEmpty() ? "" : parts.getLast(), new Target("address", path));
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part;
        }
    }
}
