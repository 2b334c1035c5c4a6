package io.waybill.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.demo.LocalFiles.LocalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
    @TempDir
    Path temporary;

    Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temporary.resolve("root"));
    }

    @Test
    void shouldFindFilesInAllDirectoriesBelow() throws IOException {
        Files.createDirectories(root.resolve("a/b c"));
        Files.writeString(root.resolve("a/b c/ü.txt"), "12345");
        Files.writeString(root.resolve(".hidden"), "");
        LocalFiles found = LocalFiles.in(root, root.resolve("data"));
        assertThat(found.files()).extracting(LocalFile::key).containsExactlyInAnyOrder("a/b c/ü.txt", ".hidden");
        assertThat(found.bytes()).isEqualTo(5);
        assertThat(found.skipped()).isEmpty();
    }

    @Test
    void shouldFollowALinkToAFileInside() throws IOException {
        Files.writeString(root.resolve("real"), "12345");
        Files.createSymbolicLink(root.resolve("link"), Path.of("real"));
        assertThat(LocalFiles.in(root, root.resolve("data")).files())
                .extracting(LocalFile::key, LocalFile::size)
                .contains(org.assertj.core.groups.Tuple.tuple("link", 5L));
    }

    @Test
    void shouldNotFollowALinkThatLeadsOutside() throws IOException {
        Files.writeString(temporary.resolve("secret"), "x");
        Files.createSymbolicLink(root.resolve("link"), temporary.resolve("secret"));
        LocalFiles found = LocalFiles.in(root, root.resolve("data"));
        assertThat(found.files()).isEmpty();
        assertThat(found.skipped()).containsExactly("link is a link that leads outside");
    }

    @Test
    void shouldNotSendTheStateOfTheStack() throws IOException {
        Files.createDirectories(root.resolve("data/kafka"));
        Files.writeString(root.resolve("data/kafka/log"), "x");
        Files.writeString(root.resolve("mine"), "x");
        LocalFiles found = LocalFiles.in(root, root.resolve("data"));
        assertThat(found.files()).extracting(LocalFile::key).containsExactly("mine");
        assertThat(found.skipped()).containsExactly("data is where the embedded stack keeps its state");
    }

    @Test
    void shouldNotWalkInCircles() throws IOException {
        Files.createSymbolicLink(root.resolve("circle"), root);
        Files.createSymbolicLink(root.resolve("nowhere"), root.resolve("gone"));
        LocalFiles found = LocalFiles.in(root, root.resolve("data"));
        assertThat(found.files()).isEmpty();
        assertThat(found.skipped())
                .containsExactlyInAnyOrder(
                        "circle is a link to no regular file", "nowhere is a link that leads nowhere");
    }
}
