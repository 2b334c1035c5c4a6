package io.waybill.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void shouldAlignColumnsByTheirWidestCell() {
        var table = new Table("NAME", ">SIZE", "STATE");
        table.row("a", "5", "good");
        table.row("longer", "12345", "bad");
        assertThat(table.lines())
                .containsExactly(
                        "NAME     SIZE  STATE", //
                        "a           5  good",
                        "longer  12345  bad");
    }

    @Test
    void shouldRefuseARowOfAnotherLength() {
        var table = new Table("A", "B");
        assertThatThrownBy(() -> table.row("1")).hasMessageContaining("2 cells make a row, but there are 1");
    }

    @Test
    void shouldKeepARowOnItsLine() {
        var table = new Table("KEY", "STATUS");
        table.row("a\nb", "\u202eFAILED");
        assertThat(table.lines()).containsExactly("KEY   STATUS", "a\\nb  \\u202eFAILED");
    }

    @Test
    void shouldCutWhatMayBeCutAndKeepTheRest() {
        var table = new Table("ID", "~KEY", "STATUS");
        table.row("mfrggzdfmz", "invoices/2026/january/a.csv", "FAILED");

        assertThat(table.lines(40))
                .containsExactly(
                        "ID          KEY                   STATUS", //
                        "mfrggzdfmz  invoices/2026/janua…  FAILED");
    }

    @Test
    void shouldBecomeParagraphsWhereEvenThatDoesNotFit() {
        var table = new Table("ID", "~KEY", "STATUS");
        table.row("mfrggzdfmz", "invoices/2026/january/a.csv", "FAILED");

        assertThat(table.lines(25))
                .containsExactly(
                        "mfrggzdfmz", //
                        "  KEY",
                        "      invoices/2026/janua",
                        "      ry/a.csv",
                        "  STATUS  FAILED");
    }
}
