package io.waybill.state.http;

import io.waybill.domain.FileId;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The other instances of the state-processor. */
public interface Cluster {
    /**
     * Who owns a file's partition; empty when this instance does. Throws {@link
     * io.waybill.state.query.TableNotReadyException} while nobody is known to.
     */
    Optional<URI> owner(FileId id);

    /** All others that own partitions. */
    List<URI> others();

    /** A cluster of this instance alone. */
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
