package io.waybill.e2e.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.builder.AstBuilder;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MapEntryExpression;
import org.codehaus.groovy.ast.expr.MapExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.control.CompilePhase;

/**
 * A pipeline of Jenkins, as Groovy reads it. Nothing of it runs, and nobody knows here what the plugins of a Jenkins make of it.
 *
 * @param calls  every call by its name, in the order of the file, outside of stages under ""
 * @param stages the calls of each stage
 */
record Jenkinsfile(List<Call> calls, Map<String, List<Call>> stages) {
    /**
     * A step or a block.
     *
     * @param name      of it
     * @param texts     the constants among its arguments
     * @param named     its named arguments, as Groovy writes them
     */
    record Call(String name, List<String> texts, Map<String, String> named) {
        String text() {
            return texts.isEmpty() ? "" : texts.getFirst();
        }
    }

    static Jenkinsfile read(Path file) {
        try {
            return parsed(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Jenkinsfile parsed(String text) {
        var collected = new Collected();
        for (ASTNode node : new AstBuilder().buildFromString(CompilePhase.CONVERSION, true, text)) {
            node.visit(collected);
        }
        return new Jenkinsfile(collected.calls, collected.stages);
    }

    List<Call> stage(String name) {
        return stages.getOrDefault(name, List.of());
    }

    List<String> shell(String stage) {
        return stage(stage).stream().filter(call -> call.name().equals("sh")).map(Call::text).toList();
    }

    private static final class Collected extends CodeVisitorSupport {
        private final List<Call> calls = new ArrayList<>();
        private final Map<String, List<Call>> stages = new LinkedHashMap<>();
        private String stage = "";

        @Override
        public void visitMethodCallExpression(MethodCallExpression expression) {
            Call call = call(expression);
            calls.add(call);
            String outer = stage;
            if (call.name().equals("stage")) {
                stage = call.text();
            }
            stages.computeIfAbsent(stage, _ -> new ArrayList<>()).add(call);
            super.visitMethodCallExpression(expression);
            stage = outer;
        }

        /** Groovy visits a block as what it is assigned to; here it is what its call does. */
        @Override
        public void visitClosureExpression(ClosureExpression block) {
            block.getCode().visit(this);
        }

        private static Call call(MethodCallExpression expression) {
            var texts = new ArrayList<String>();
            var named = new LinkedHashMap<String, String>();
            if (expression.getArguments() instanceof TupleExpression arguments) {
                arguments.getExpressions().forEach(argument -> take(argument, texts, named));
            }
            return new Call(String.valueOf(expression.getMethodAsString()), texts, named);
        }

        private static void take(Expression argument, List<String> texts, Map<String, String> named) {
            switch (argument) {
                case ConstantExpression constant -> texts.add(constant.getText());
                case MapExpression map -> {
                    for (MapEntryExpression entry : map.getMapEntryExpressions()) {
                        named.put(entry.getKeyExpression().getText(), entry.getValueExpression().getText());
                    }
                }
                case ArgumentListExpression inner -> inner.getExpressions().forEach(one -> take(one, texts, named));
                default -> {
                }
            }
        }
    }
}
