package io.waybill.runtime.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a principal may do. */
public enum Role {
    VIEWER(Permission.READ, Permission.METRICS),
    /** Reads too: it finds files whose import is tried again by asking for them. */
    IMPORTER(Permission.READ, Permission.IMPORT),
    OPERATOR(Permission.READ, Permission.METRICS, Permission.OPERATE),
    ADMIN(Permission.READ, Permission.METRICS, Permission.IMPORT, Permission.OPERATE, Permission.ADMINISTER);

    private final Set<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = Set.of(permissions);
    }

    public boolean may(Permission permission) {
        return permission == Permission.OPEN || permissions.contains(permission);
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
