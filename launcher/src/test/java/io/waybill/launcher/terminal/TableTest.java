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

    /** Chinese characters take two columns, and an accent none. */
    @Test
    void shouldAlignColumnsByWhatTheScreenShows() {
        var table = new Table("KEY", "STATUS");
        table.row("\u8acb\u6c42\u66f8.csv", "FAILED");
        table.row("Cafe\u0301.csv", "FAILED");
        table.row("\ud83d\udce6.csv", "FAILED");
        table.row("\u1112\u1161\u11ab.csv", "FAILED");

        assertThat(table.lines())
                .containsExactly(
                        "KEY         STATUS",
                        "\u8acb\u6c42\u66f8.csv  FAILED",
                        "Cafe\u0301.csv    FAILED",
                        "\ud83d\udce6.csv      FAILED",
                        "\u1112\u1161\u11ab.csv      FAILED");
    }

    @Test
    void shouldCutWideCharactersWhereTheScreenEnds() {
        var table = new Table("~KEY", "STATUS");
        table.row("\u8acb\u6c42\u66f8\u8acb\u6c42\u66f8\u8acb\u6c42\u66f8", "FAILED");

        assertThat(table.lines(21)).containsExactly(
                "KEY            STATUS",
                "\u8acb\u6c42\u66f8\u8acb\u6c42\u66f8\u2026  FAILED");
        assertThat(table.lines(20)).containsExactly(
                "KEY           STATUS",
                "\u8acb\u6c42\u66f8\u8acb\u6c42\u2026   FAILED");
    }

    @Test
    void shouldBreakWideCharactersWhereTheScreenEnds() {
        assertThat(Wrapping.wrap("\u8acb".repeat(12), 20))
                .containsExactly("\u8acb".repeat(10), "    " + "\u8acb".repeat(2));
        assertThat(Wrapping.wrap("\u8acb\u8acb", 1)).containsExactly("\u8acb", "\u8acb");
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
