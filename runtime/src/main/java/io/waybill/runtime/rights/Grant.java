package io.waybill.runtime.rights;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What one user may do with one resource of Kafka, or with all whose names begin alike.
 *
 * @param name       of the resource, or the beginning of its name
 * @param operations not empty; those that others imply are left out: who may read or write may also describe
 */
public record Grant(ResourceType resource, String name, PatternType pattern, Set<AclOperation> operations) {
    public Grant {
        operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
    }

    /** Whether it is about a topic whose records the user reads or writes, and not only about its description. */
    public boolean usesTopic() {
        return resource == ResourceType.TOPIC
                && (operations.contains(AclOperation.READ) || operations.contains(AclOperation.WRITE));
    }

    /** Whether it covers an operation on the resource of a name. */
    public boolean allows(ResourceType type, String of, AclOperation operation) {
        boolean same = pattern == PatternType.PREFIXED ? of.startsWith(name) : of.equals(name);
        return resource == type && same && (operations.contains(operation) || implies(operation));
    }

    /** As Kafka's own authorizer has it. */
    private boolean implies(AclOperation operation) {
        return operation == AclOperation.DESCRIBE
                && (operations.contains(AclOperation.READ)
                        || operations.contains(AclOperation.WRITE)
                        || operations.contains(AclOperation.DELETE)
                        || operations.contains(AclOperation.ALTER));
    }
}
