package io.waybill.domain;

import java.util.List;

/** Something that files wait for while it cannot be reached. */
public sealed interface Place {
    /** A partner's server. */
    record Destination(DestinationName name) implements Place {
        @Override
        public String toString() {
            return "destination " + name;
        }
    }

    /**
     * A bucket of the store.
     *
     * @param name 1 to {@link SourceObject#LONGEST_TEXT} characters
     */
    record Bucket(String name) implements Place {
        public Bucket {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the name of a bucket must not be empty");
            }
            Texts.refuseLonger("the bucket's name", name, SourceObject.LONGEST_TEXT);
        }

        @Override
        public String toString() {
            return "bucket " + name;
        }
    }

    /**
     * Whether a file waits for this place: its attempt is deferred, and the place is the reason.
     */
    default boolean holds(FileState file) {
        if (!(file.phase() instanceof Phase.Waiting waiting)
                || waiting.cause() != Phase.Waiting.Cause.DEFERRAL
                || waiting.stage() != Stage.DELIVERY) {
            return false;
        }
        return mayBe(waiting.reason().kind()) && switch (this) {
            case Destination(var name) -> file.target() != null && file.target().destination().equals(name);
            case Bucket(var name) -> file.source().bucket().equals(name);
        };
    }

    /** The places that a file waits for; none if it waits for something else, or does not wait. */
    static List<Place> of(FileState file) {
        var bucket = new Bucket(file.source().bucket());
        List<Place> places =
                file.target() == null ? List.of(bucket) : List.of(bucket, new Destination(file.target().destination()));
        return places.stream().filter(place -> place.holds(file)).toList();
    }

    /**
     * Whether a file that is deferred for such a reason may wait for a place of this kind. A file whose object is in an
     * archive waits for the object, whatever can be reached.
     */
    default boolean mayBe(FailureKind reason) {
        return switch (this) {
            case Destination _ ->
                reason != FailureKind.SOURCE_UNREACHABLE && reason != FailureKind.SOURCE_FORBIDDEN;
            case Bucket _ -> reason == FailureKind.SOURCE_UNREACHABLE;
        };
    }
}
