import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.jdt.core.ToolFactory;
import org.eclipse.jdt.core.formatter.CodeFormatter;
import org.eclipse.jdt.core.formatter.DefaultCodeFormatterConstants;
import org.eclipse.jface.text.Document;
import org.w3c.dom.Element;

/**
 * Formats every Java source of the repository with the profile in formatter.xml, or says which are not formatted.
 *
 * <p>A program of ours and no Maven plugin: those that run inside Maven either need a newer JDK than Maven's, or parse
 * less than Java 25, or leave imports alone; and the Eclipse formatter forgets a space that {@link #mend} puts back.
 *
 * <p>Usage: {@code java -cp … Format.java check|apply ROOT}. Exit codes: 0 formatted, 1 not formatted.
 */
final class Format {
    private static final Pattern IMPORT = Pattern.compile("import (static |module )?[\\w.*]+;");
    /** Between the word and the arrow, and never within a text: a comma there is the author's. */
    private static final Pattern CASE_TYPES =
            Pattern.compile("(?m)^( *case (?:(?!->)[^\"\\n])*?[\\w)]),(?=\\w)");

    private final Map<String, String> options;

    private Format(Map<String, String> options) {
        this.options = options;
    }

    static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]).toRealPath();
        var format = new Format(profile(root.resolve("build-support/formatter.xml")));
        List<Path> unformatted = sources(root).parallel().filter(file -> format.changes(file, apply)).sorted().toList();
        unformatted.forEach(
                file -> System.out.println((apply ? "formatted " : "not formatted: ") + root.relativize(file)));
        if (!apply && !unformatted.isEmpty()) {
            System.out.println("Run 'mvn -Pformat -pl build-support process-sources' to format them.");
            System.exit(1);
        }
    }

    private static Map<String, String> profile(Path file) throws Exception {
        var options = new HashMap<String, String>(DefaultCodeFormatterConstants.getEclipseDefaultSettings());
        var settings = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("setting");
        for (int i = 0; i < settings.getLength(); i++) {
            var setting = (Element) settings.item(i);
            options.put(setting.getAttribute("id"), setting.getAttribute("value"));
        }
        return options;
    }

    private static Stream<Path> sources(Path root) throws IOException {
        var files = new ArrayList<Path>();
        try (var modules = Files.list(root)) {
            for (Path sources : modules.map(module -> module.resolve("src")).filter(Files::isDirectory).toList()) {
                try (var tree = Files.walk(sources)) {
                    tree.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        files.add(root.resolve("build-support/Format.java"));
        return files.stream();
    }

    /** Whether the file is not formatted, or was not before this call. */
    private boolean changes(Path file, boolean apply) {
        try {
            String text = Files.readString(file);
            String formatted = mend(laidOut(file, importsInOrder(text)));
            if (apply && !formatted.equals(text)) {
                Files.writeString(file, formatted);
            }
            return !formatted.equals(text);
        } catch (Exception e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    private String laidOut(Path file, String text) throws Exception {
        int kind = CodeFormatter.K_COMPILATION_UNIT | CodeFormatter.F_INCLUDE_COMMENTS;
        // A formatter keeps state while it works, and the files are formatted in parallel.
        var edit = ToolFactory.createCodeFormatter(options).format(kind, text, 0, text.length(), 0, "\n");
        if (edit == null) {
            throw new IllegalArgumentException("does not parse as Java");
        }
        var document = new Document(text);
        edit.apply(document);
        return document.get();
    }

    /** The Eclipse formatter removes the space after the comma in {@code case A _, B _}. A text keeps its commas. */
    private static String mend(String text) {
        return CASE_TYPES.matcher(text).replaceAll("$1, ");
    }

    /** Modules, then static imports, then the others, each group in the order of its characters. */
    private static String importsInOrder(String text) {
        List<String> lines = text.lines().toList();
        int first = 0;
        while (first < lines.size() && !IMPORT.matcher(lines.get(first)).matches()) {
            first++;
        }
        int end = first;
        var groups = List.of(new TreeSet<String>(), new TreeSet<String>(), new TreeSet<String>());
        while (end < lines.size() && (lines.get(end).isBlank() || IMPORT.matcher(lines.get(end)).matches())) {
            String line = lines.get(end++);
            if (!line.isBlank()) {
                groups.get(line.startsWith("import module") ? 0 : line.startsWith("import static") ? 1 : 2)
                        .add(line.replace(";", ""));
            }
        }
        if (first == end) {
            return text;
        }
        var sorted = new ArrayList<>(lines.subList(0, first));
        groups.stream().filter(group -> !group.isEmpty()).forEach(group -> {
            group.forEach(line -> sorted.add(line + ";"));
            sorted.add("");
        });
        sorted.addAll(lines.subList(end, lines.size()));
        return String.join("\n", sorted) + "\n";
    }
}
