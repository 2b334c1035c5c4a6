package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waybill.domain.AttemptFailure;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Control;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.Release;
import io.waybill.domain.Resolution;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.live.BreakerState;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SymbolsTest {
    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(BreakerState.class, io.waybill.avro.BreakerState.class),
                Arguments.of(ConflictPolicy.class, io.waybill.avro.ConflictPolicy.class),
                Arguments.of(Control.Kind.class, io.waybill.avro.ControlKind.class),
                Arguments.of(DeadlineKind.class, io.waybill.avro.DeadlineKind.class),
                Arguments.of(FailureKind.class, io.waybill.avro.FailureKind.class),
                Arguments.of(Proof.class, io.waybill.avro.Proof.class),
                Arguments.of(Release.Cause.class, io.waybill.avro.ReleaseCause.class),
                Arguments.of(Resolution.class, io.waybill.avro.Resolution.class),
                Arguments.of(IndexEntry.Result.class, io.waybill.avro.SendingResult.class),
                Arguments.of(AttemptFailure.Kind.class, io.waybill.avro.SetbackKind.class),
                Arguments.of(Stage.class, io.waybill.avro.Stage.class),
                Arguments.of(Status.class, io.waybill.avro.Status.class),
                Arguments.of(Phase.Waiting.Cause.class, io.waybill.avro.WaitCause.class));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldNameEveryConstantAlikeOnBothSides(Class<? extends Enum<?>> domain, Class<? extends Enum<?>> wire) {
        String[] known = Arrays.stream(domain.getEnumConstants()).map(Enum::name).toArray(String[]::new);
        assertThat(Arrays.stream(wire.getEnumConstants()).map(Enum::name))
                .filteredOn(symbol -> !symbol.equals("UNKNOWN"))
                .containsExactlyInAnyOrder(known);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayADestinationsClassByItsLetter(DestinationClass destinationClass) {
        assertThat(Parts.letter(destinationClass)).hasToString(destinationClass.letter());
        assertThat(Parts.destinationClass(Parts.letter(destinationClass))).isEqualTo(destinationClass);
    }

    @Test
    void shouldRefuseALetterOfANewerVersion() {
        Schema letters = SpecificData.get().getSchema(io.waybill.avro.DestinationClass.class);

        assertThat(letters.getEnumDefault()).isEqualTo("UNKNOWN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parts.destinationClass(io.waybill.avro.DestinationClass.UNKNOWN))
                .withMessageContaining("a newer one wrote it");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldHaveAStandInForSymbolsOfNewerVersions(Class<? extends Enum<?>> domain, Class<?> wire) {
        Schema schema = SpecificData.get().getSchema(wire);
        assertThat(schema.getEnumDefault()).describedAs(domain.getSimpleName()).isEqualTo("UNKNOWN");
    }
}
