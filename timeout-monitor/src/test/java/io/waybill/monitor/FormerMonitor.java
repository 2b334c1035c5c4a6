package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.START;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Stage;
import java.util.HexFormat;
import java.util.List;

/** What the version before has in its stores and their changelogs: bytes that it wrote. */
final class FormerMonitor {
    /** A file that was given up in version 7, and for which a letter was written. */
    static final byte[] GIVEN_UP = HexFormat.of().parseHex("0200000000000000070100");

    /** A file that waits in version 4, and whose deadline, a minute after the start, was said once. */
    static final byte[] WAITING = HexFormat.of()
            .parseHex("0200000000000000040001" + "0000019b76db926000000001" + "020000019b76daa800"
                    + "0000019b76db9260" + "696e766f69636573");

    /** {@link #NOTED}, as it was noted. */
    static final byte[] HISTORY = HexFormat.of()
            .parseHex("0103" + "00064641494c45440000019b76daaddc000844454c4956455259000000010000000100075354414c4c4544"
                    + "00156e6f206279746520666f722032206d696e757465730000019b76dabb8800000001"
                    + "000844454645525245440000019b77119680000844454c49564552590000000100000002000b"
                    + "554e524541434841424c45001b4dc3a4727a20e282ac3a206e6f20726f75746520746f20686f7374"
                    + "0000019b771280e000000028"
                    + "0009554e434c41494d45440000019b77488500000844454c4956455259000000010000000200000000"
                    + "ffffffffffffffff00000001");

    /** A failure, forty deferrals that ended an hour after the start, and a time-out two hours after it. */
    static final List<AttemptFailure> NOTED = List.of(
            new AttemptFailure(
                    AttemptFailure.Kind.FAILED,
                    START.plusMillis(1_500),
                    START.plusMillis(1_500),
                    Stage.DELIVERY,
                    new Attempt(1, 1),
                    new Failure(FailureKind.STALLED, "no byte for 2 minutes"),
                    START.plusSeconds(5),
                    1),
            new AttemptFailure(
                    AttemptFailure.Kind.DEFERRED,
                    START.plusSeconds(3_600),
                    START.plusSeconds(3_600),
                    Stage.DELIVERY,
                    new Attempt(1, 2),
                    new Failure(FailureKind.UNREACHABLE, "März €: no route to host"),
                    START.plusSeconds(3_660),
                    40),
            new AttemptFailure(
                    AttemptFailure.Kind.UNCLAIMED,
                    START.plusSeconds(7_200),
                    START.plusSeconds(7_200),
                    Stage.DELIVERY,
                    new Attempt(1, 2),
                    null,
                    null,
                    1));

    private FormerMonitor() {}
}
