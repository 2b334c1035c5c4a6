package io.waybill.runtime.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.topic.Topic.Cleanup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequirementTest {
    private static List<Cleanup> all() {
        return List.of(
                new Cleanup.AfterDays(7),
                new Cleanup.NotBeforeDays(30),
                new Cleanup.Compacted(),
                new Cleanup.CompactedSoon(),
                new Cleanup.Kept());
    }

    @ParameterizedTest
    @CsvSource({"1,1,true", "1,2,false", "2,1,true", "2,2,true", "3,1,false", "3,2,true", "3,3,true", "3,4,false"})
    void shouldLetOneBrokerOfThreeBeLostWithoutARecordAndWithoutAStandstill(int replicas, String value, boolean met) {
        assertThat(all()).allSatisfy(cleanup -> assertThat(Requirement.of(cleanup, replicas))
                .filteredOn(requirement -> requirement.name().equals("min.insync.replicas"))
                .singleElement()
                .satisfies(requirement -> assertThat(requirement.met().test(value)).isEqualTo(met)));
    }

    @Test
    void shouldMeetWhatItAsksForWithWhatItCreates() {
        assertThat(all()).allSatisfy(cleanup -> assertThat(Requirement.of(cleanup, 3))
                .allSatisfy(requirement -> assertThat(requirement.met().test(requirement.value())).isTrue()));
    }

    @Test
    void shouldLetEventsStayForLongerThanTheyMust() {
        assertThat(Requirement.of(new Cleanup.NotBeforeDays(30), 1))
                .filteredOn(requirement -> requirement.name().equals("retention.ms"))
                .singleElement()
                .satisfies(requirement -> {
                    assertThat(requirement.met().test("-1")).isTrue();
                    assertThat(requirement.met().test("2592000001")).isTrue();
                    assertThat(requirement.met().test("2591999999")).isFalse();
                });
    }
}
