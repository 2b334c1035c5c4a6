package io.waybill.lives;

import io.waybill.domain.SourceObject;
import io.waybill.store.ObjectReader;
import io.waybill.store.SimulatedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The bucket: versions of objects, which it gives as S3 does unless a fault says otherwise. */
final class Store {
    static final String BUCKET = "outbound";

    private final World world;
    private final boolean versioned;
    private final Map<String, List<Version>> objects = new TreeMap<>();
    private int puts;
    private long downUntil;

    Store(World world, boolean versioned) {
        this.world = world;
        this.versioned = versioned;
    }

    /**
     * One version of an object.
     *
     * @param order the how-manieth put it was
     */
    @SuppressWarnings("ArrayRecordComponent") // of the simulation alone, and never compared
    record Version(int order, String key, String id, String etag, byte[] bytes, Instant modified) {
        SourceObject described() {
            return new SourceObject(BUCKET, key, id, etag, bytes.length, modified);
        }
    }

    Version put(String key, int size, int fill) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ('a' + (fill * 7 + i) % 26);
        }
        int order = ++puts;
        var version = new Version(
                order,
                key,
                versioned ? "v" + order : null,
                Integer.toHexString(Arrays.hashCode(bytes)) + "-" + size,
                bytes,
                Instant.ofEpochSecond(world.kernel().instant().getEpochSecond()));
        objects.computeIfAbsent(key, _ -> new ArrayList<>()).add(version);
        world.story().tell("bucket", key + " gets version " + order + " of " + size + " bytes");
        return version;
    }

    /** Answers no question for so long. */
    void down(long millis) {
        downUntil = Math.max(downUntil, world.kernel().now() + millis);
    }

    private void requireUp(Worker worker, String question) {
        if (world.kernel().now() < downUntil) {
            world.story().tell(worker.name(), question + " <- the store is down");
            throw refused(503);
        }
    }

    Version current(String key) {
        return objects.get(key).getLast();
    }

    ObjectReader reader(Worker worker) {
        return SimulatedReader.over(new Client(worker));
    }

    private static S3Exception refused(int status) {
        return (S3Exception) S3Exception.builder().statusCode(status).message("status " + status).build();
    }

    private final class Client implements S3Client {
        private final Worker worker;

        Client(Worker worker) {
            this.worker = worker;
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
            world.sourceCall(worker);
            requireUp(worker, "GET " + request.key());
            Fault fault = world.faults().next(Fault.Point.SOURCE);
            if (fault != null) {
                world.story().tell(worker.name(), "GET " + request.key() + " <- " + fault.kind());
            }
            Version version = fault == null ? asked(request) : hit(request, fault);
            if (fault == null && world.story().kept()) {
                world.story().tell(worker.name(), "GET " + request.key() + ": version " + version.order());
            }
            int whole = version.bytes().length;
            int from = request.range() == null ? 0 : Integer.parseInt(request.range().replaceAll("\\D", ""));
            byte[] bytes = Arrays.copyOfRange(version.bytes(), Math.min(from, whole), whole);
            var response = GetObjectResponse.builder()
                    .eTag('"' + version.etag() + '"')
                    .versionId(version.id())
                    .contentLength((long) bytes.length)
                    .contentRange(request.range() == null ? null : "bytes " + from + "-" + (whole - 1) + "/" + whole)
                    .lastModified(version.modified())
                    .build();
            // The SDK would watch by the real clock whether it is read, with a lock that all lives share.
            return new ResponseInputStream<>(
                    response, AbortableInputStream.create(content(bytes, fault)), Duration.ZERO);
        }

        @Override
        public HeadObjectResponse headObject(HeadObjectRequest request) {
            world.sourceCall(worker);
            requireUp(worker, "HEAD " + request.key());
            Fault fault = world.faults().next(Fault.Point.SOURCE);
            if (fault != null) {
                switch (fault.kind()) {
                    case FORBIDDEN_403 -> throw refused(403);
                    case GONE_404 -> throw refused(404);
                    case BUSY_503 -> throw refused(503);
                    default -> {}
                }
            }
            List<Version> versions = objects.getOrDefault(request.key(), List.of());
            if (versions.isEmpty()) {
                throw refused(404);
            }
            Version version = versions.getLast();
            if (world.story().kept()) {
                world.story().tell(worker.name(), "HEAD " + request.key() + ": version " + version.order());
            }
            return HeadObjectResponse.builder()
                    .eTag('"' + version.etag() + '"')
                    .versionId(version.id())
                    .contentLength((long) version.bytes().length)
                    .lastModified(version.modified())
                    .build();
        }

        @Override
        public HeadBucketResponse headBucket(HeadBucketRequest request) {
            world.sourceCall(worker);
            requireUp(worker, "HEAD of the bucket");
            return HeadBucketResponse.builder().build();
        }

        private Version hit(GetObjectRequest request, Fault fault) {
            return switch (fault.kind()) {
                case FORBIDDEN_403 -> throw refused(403);
                case GONE_404 -> throw refused(404);
                case CHANGED_412 -> throw refused(412);
                case BUSY_503 -> throw refused(503);
                case OTHER_VERSION -> current(request.key());
                default -> asked(request);
            };
        }

        private Version asked(GetObjectRequest request) {
            List<Version> versions = objects.getOrDefault(request.key(), List.of());
            Version found = versions.stream()
                    .filter(version -> request.versionId() == null
                            ? version.order() == versions.getLast().order()
                            : request.versionId().equals(version.id()))
                    .findAny()
                    .orElseThrow(() -> refused(404));
            if (request.ifMatch() != null && !request.ifMatch().equals('"' + found.etag() + '"')) {
                throw refused(412);
            }
            return found;
        }

        private InputStream content(byte[] bytes, Fault fault) {
            if (fault == null || bytes.length < 2) {
                return new ByteArrayInputStream(bytes);
            }
            return switch (fault.kind()) {
                case SHORT_READ -> new ByteArrayInputStream(bytes, 0, bytes.length / 2);
                case BROKEN_READ -> new Broken(bytes, bytes.length / 2);
                default -> new ByteArrayInputStream(bytes);
            };
        }

        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Ends with a reset of the connection. */
    private static final class Broken extends InputStream {
        private final byte[] bytes;
        private final int good;
        private int next;

        Broken(byte[] bytes, int good) {
            this.bytes = bytes;
            this.good = good;
        }

        @Override
        public int read() throws IOException {
            if (next == good) {
                throw new IOException("connection reset");
            }
            return bytes[next++];
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (next == good) {
                throw new IOException("connection reset");
            }
            int read = Math.min(length, good - next);
            System.arraycopy(bytes, next, into, from, read);
            next += read;
            return read;
        }
    }
}
