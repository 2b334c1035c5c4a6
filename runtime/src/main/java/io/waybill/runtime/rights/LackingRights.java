package io.waybill.runtime.rights;

import static java.util.Objects.requireNonNull;

import io.waybill.runtime.kafka.AdminAnswer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Compares grants with what the brokers say that a user may do. Brokers say nothing about topics and groups that do not
 * exist yet, and some say nothing at all. So nothing that is found is no proof that nothing is lacking. Changes nothing.
 */
public final class LackingRights {
    private final Admin admin;

    /** @param admin of the user in question; closed by the caller */
    public LackingRights(Admin admin) {
        this.admin = admin;
    }

    /** The operations of each grant that the user lacks; nothing for a grant of which all are there. */
    public List<Grant> of(List<Grant> grants) {
        var lacking = new ArrayList<Grant>();
        for (Grant grant : grants) {
            Set<AclOperation> missing = missing(grant);
            if (!missing.isEmpty()) {
                lacking.add(new Grant(grant.resource(), grant.name(), grant.pattern(), missing));
            }
        }
        return lacking;
    }

    private Set<AclOperation> missing(Grant grant) {
        return switch (grant.resource()) {
            case TOPIC -> missing(grant, () -> topic(grant.name()));
            case GROUP -> missing(grant, () -> group(grant.name()));
            case TRANSACTIONAL_ID -> missing(grant, () -> transaction(grant.name() + "rights"));
            default -> Set.of();
        };
    }

    /** @param allowed gives null if the brokers do not say it */
    private static Set<AclOperation> missing(Grant grant, Supplier<@Nullable Set<AclOperation>> allowed) {
        try {
            Set<AclOperation> held = allowed.get();
            if (held == null || held.isEmpty()) {
                return Set.of();
            }
            var missing = EnumSet.copyOf(grant.operations());
            missing.removeAll(held);
            return missing;
        } catch (UnknownTopicOrPartitionException | GroupIdNotFoundException | TransactionalIdNotFoundException e) {
            return Set.of();
        } catch (AuthorizationException e) {
            return grant.operations();
        }
    }

    private @Nullable Set<AclOperation> topic(String name) {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        return requireNonNull(
                AdminAnswer.of(admin.describeTopics(List.of(name), options).allTopicNames()).get(name), name)
                .authorizedOperations();
    }

    private @Nullable Set<AclOperation> group(String name) {
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        return requireNonNull(AdminAnswer.of(admin.describeConsumerGroups(List.of(name), options).all()).get(name),
                name)
                .authorizedOperations();
    }

    /** Brokers do not say it of transactional ids. Who may write may also describe. */
    private @Nullable Set<AclOperation> transaction(String id) {
        AdminAnswer.of(admin.describeTransactions(List.of(id)).all());
        return null;
    }

    /**
     * What a user lacks for each of these services.
     *
     * @throws KafkaException if the brokers do not answer
     */
    public Map<String, List<Grant>> ofServices(Map<String, List<Grant>> grants) {
        var lacking = new LinkedHashMap<String, List<Grant>>();
        grants.forEach((service, wanted) -> lacking.put(service, of(wanted)));
        return lacking;
    }
}
