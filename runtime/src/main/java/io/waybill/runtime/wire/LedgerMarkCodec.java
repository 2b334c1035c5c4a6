package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.MarkKind;
import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@link LedgerMark} as the flat record of {@code LedgerMark.avsc}. */
final class LedgerMarkCodec implements Codec<LedgerMark, io.waybill.avro.LedgerMark> {
    private static final io.waybill.avro.LedgerMark EMPTY = io.waybill.avro.LedgerMark.newBuilder().build();

    @Override
    public Class<io.waybill.avro.LedgerMark> wireType() {
        return io.waybill.avro.LedgerMark.class;
    }

    @Override
    public io.waybill.avro.LedgerMark toWire(LedgerMark mark) {
        var wire = io.waybill.avro.LedgerMark.newBuilder(EMPTY);
        return switch (mark) {
            case Position position ->
                wire.setKind(MarkKind.POSITION)
                        .setNext(position.next())
                        .setDone(bounds(position.done()))
                        .setClusterId(position.clusterId())
                        .setTopicId(position.topicId())
                        .build();
            case Staging staging -> {
                var record = begun(wire.setKind(MarkKind.STAGING), staging.id(), staging.attempt(), staging.staging())
                        .setLane(staging.lane())
                        .setSafeBytes(staging.safeBytes())
                        .setEndpoint(staging.endpoint())
                        .setAt(millis(staging.at()))
                        .build();
                Parts.write(staging.target(), record);
                yield record;
            }
            case Prepared prepared -> {
                var record = prepared(wire, prepared);
                Parts.write(prepared.target(), record);
                yield record;
            }
        };
    }

    private static io.waybill.avro.LedgerMark.Builder begun(
            io.waybill.avro.LedgerMark.Builder wire, FileId id, Attempt attempt, RemotePath staging) {
        return wire.setFileId(id.value())
                .setSending(attempt.sending())
                .setAttempt(attempt.number())
                .setStaging(staging.value());
    }

    private static io.waybill.avro.LedgerMark prepared(io.waybill.avro.LedgerMark.Builder wire, Prepared mark) {
        return begun(wire.setKind(MarkKind.PREPARED), mark.id(), mark.attempt(), mark.staging())
                .setRoute(mark.route().value())
                .setLane(mark.lane())
                .setOnConflict(symbol(io.waybill.avro.ConflictPolicy.class, mark.onConflict()))
                .setBytes(mark.bytes())
                .setSha256(mark.sha256())
                .setProof(symbol(io.waybill.avro.Proof.class, mark.proof()))
                .setDestinationClass(Parts.letter(mark.destinationClass()))
                .setModifiedSeconds(
                        mark.modified().isPresent() ? (Long) mark.modified().getAsLong() : null)
                .setEndpoint(mark.endpoint())
                .setHostKey(mark.hostKey())
                .setAt(millis(mark.at()))
                .setDurationMillis(mark.took().toMillis())
                .setGiven(mark.given().map(RemotePath::value).orElse(null))
                .build();
    }

    @Override
    public LedgerMark fromWire(io.waybill.avro.LedgerMark wire) {
        return switch (wire.getKind()) {
            case POSITION ->
                new Position(
                        there("next", wire.getNext()),
                        ranges(wire.getDone()),
                        there("clusterId", wire.getClusterId()),
                        there("topicId", wire.getTopicId()));
            case STAGING ->
                new Staging(
                        new FileId(there("fileId", wire.getFileId())),
                        attempt(wire),
                        there("target", Parts.target(wire)),
                        there("lane", wire.getLane()),
                        new RemotePath(there("staging", wire.getStaging())),
                        there("safeBytes", wire.getSafeBytes()),
                        there("endpoint", wire.getEndpoint()),
                        Parts.time("at", wire.getAt()));
            case PREPARED -> prepared(wire);
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the kind of the mark");
        };
    }

    private static Prepared prepared(io.waybill.avro.LedgerMark wire) {
        Long modified = wire.getModifiedSeconds();
        return new Prepared(
                new FileId(there("fileId", wire.getFileId())),
                new RouteName(there("route", wire.getRoute())),
                attempt(wire),
                there("target", Parts.target(wire)),
                there("lane", wire.getLane()),
                symbol(ConflictPolicy.class, wire.getOnConflict()),
                new RemotePath(there("staging", wire.getStaging())),
                there("bytes", wire.getBytes()),
                there("sha256", wire.getSha256()),
                symbol(Proof.class, wire.getProof()),
                Parts.destinationClass(wire.getDestinationClass()),
                modified == null ? OptionalLong.empty() : OptionalLong.of(modified),
                there("endpoint", wire.getEndpoint()),
                there("hostKey", wire.getHostKey()),
                Parts.time("at", wire.getAt()),
                Duration.ofMillis(there("durationMillis", wire.getDurationMillis())),
                Optional.ofNullable(wire.getGiven()).map(RemotePath::new));
    }

    private static Attempt attempt(io.waybill.avro.LedgerMark wire) {
        return new Attempt(there("sending", wire.getSending()), there("attempt", wire.getAttempt()));
    }

    private static List<Long> bounds(List<Range> ranges) {
        return ranges.stream()
                .flatMap(range -> Stream.of(range.from(), range.to()))
                .toList();
    }

    private static List<Range> ranges(List<Long> bounds) {
        if (bounds.size() % 2 != 0) {
            throw new IllegalArgumentException("done has " + bounds.size() + " bounds, expected pairs: " + bounds);
        }
        var ranges = new ArrayList<Range>();
        for (int i = 0; i < bounds.size(); i += 2) {
            ranges.add(new Range(bounds.get(i), bounds.get(i + 1)));
        }
        return ranges;
    }
}
