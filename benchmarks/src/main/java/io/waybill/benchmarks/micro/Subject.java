package io.waybill.benchmarks.micro;

import io.waybill.ingest.NotificationCost;
import io.waybill.sftp.PendingWritesCost;
import java.util.List;
import java.util.Optional;

/**
 * One thing that is measured.
 *
 * @param part   what it belongs to, as {@code --only} names it
 * @param figure its name for programs; of those that go through bytes a speed, of all others a time
 * @param type   the class of the method
 * @param method what is called
 * @param what   a call is, for people
 * @param bytes  that a call goes through; 0 where that says nothing
 */
record Subject(String part, String figure, Class<?> type, String method, String what, int bytes) {
    static final List<Subject> ALL = List.of(
            timed("lifecycle", "lifecycle_arrival_ns", LifecycleCost.class, "arrival",
                    "a new file by the rules, its path from a template"),
            timed("lifecycle", "lifecycle_completion_ns", LifecycleCost.class, "completion",
                    "a STARTED file is completed by the rules"),
            timed("naming", "file_id_ns", NamingCost.class, "id", "a file id from route, bucket, key and version"),
            timed("naming", "path_ns", NamingCost.class, "path", "a template with four placeholders"),
            timed("naming", "lane_ns", NamingCost.class, "lane", "the lane of a path"),
            timed("notification", "notification_read_ns", NotificationCost.class, "read",
                    "an S3 notification, 736 bytes of JSON"),
            timed("notification", "notification_route_ns", NotificationCost.class, "route",
                    "which of 100 routes take an object"),
            timed("wire", "event_write_ns", WireCost.class, "writeEvent", "a Completed to Avro"),
            timed("wire", "event_read_ns", WireCost.class, "readEvent", "a Completed from Avro"),
            timed("wire", "state_write_ns", WireCost.class, "writeState", "the state of a COMPLETED file to Avro"),
            timed("wire", "state_read_ns", WireCost.class, "readState", "the state of a COMPLETED file from Avro"),
            timed("deadlines", "due_key_ns", DueKeyCost.class, "thereAndBack", "the key of a deadline, there and back"),
            timed("writes", "pending_write_ns", PendingWritesCost.class, "begunAndAnswered",
                    "a write is begun, another answered, 64 under way over two channels"),
            through(CryptographyCost.CHUNK, "sha256_mib_s", CryptographyCost.class, "sha256",
                    "SHA-256, chunks of 255 KiB"),
            through(CryptographyCost.CHUNK, "sha256_corretto_mib_s", CorrettoCost.class, "sha256",
                    "the same by Amazon Corretto Crypto Provider"),
            through(CryptographyCost.PACKET, "aes128gcm_mib_s", CryptographyCost.class, "aes128gcm",
                    "AES-128-GCM, packets of 32 KiB"),
            through(CryptographyCost.PACKET, "aes128gcm_corretto_mib_s", CorrettoCost.class, "aes128gcm",
                    "the same by Amazon Corretto Crypto Provider"));

    private static Subject timed(String part, String figure, Class<?> type, String method, String what) {
        return new Subject(part, figure, type, method, what, 0);
    }

    private static Subject through(int bytes, String figure, Class<?> type, String method, String what) {
        return new Subject("cryptography", figure, type, method, what, bytes);
    }

    /** Why it cannot be measured here. */
    Optional<String> missing() {
        return type == CorrettoCost.class ? CorrettoCost.missing() : Optional.empty();
    }

    /** As JMH calls it. */
    String benchmark() {
        return type.getName() + "." + method;
    }
}
