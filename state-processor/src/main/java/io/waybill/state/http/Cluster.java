package io.waybill.state.http;

import io.waybill.domain.FileId;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The other instances of the state-processor. */
public interface Cluster {
    /**
     * The instance that owns a file's partition; empty if this instance owns it. Throws
     * {@link io.waybill.state.query.TableNotReadyException} while no owner is known.
     */
    Optional<URI> owner(FileId id);

    /** All other instances that own partitions. */
    List<URI> others();

    /** A cluster that has only this instance. */
    static Cluster alone() {
        return new Cluster() {
            @Override
            public Optional<URI> owner(FileId id) {
                return Optional.empty();
            }

            @Override
            public List<URI> others() {
                return List.of();
            }
        };
    }
}
