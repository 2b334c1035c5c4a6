package io.waybill.runtime.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What a principal may do. */
public enum Role {
    VIEWER,
    /** Reads too: it finds files whose import is tried again by asking for them. */
    IMPORTER,
    OPERATOR,
    ADMIN;

    public boolean may(Permission permission) {
        return permission == Permission.OPEN || switch (this) {
            case VIEWER -> permission == Permission.READ || permission == Permission.METRICS;
            case IMPORTER -> permission == Permission.READ || permission == Permission.IMPORT;
            case OPERATOR -> VIEWER.may(permission) || permission == Permission.OPERATE;
            case ADMIN -> true;
        };
    }

    /** The roles that have at least one of these permissions, from the least. */
    public static List<Role> with(Collection<Permission> anyOf) {
        return Arrays.stream(values()).filter(role -> anyOf.stream().anyMatch(role::may)).toList();
    }

    /** As in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
