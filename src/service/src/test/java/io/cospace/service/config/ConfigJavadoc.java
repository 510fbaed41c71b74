package io.cospace.service.config;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The comments of {@link ServiceConfig}, read from its source, in Markdown. */
final class ConfigJavadoc {

    private final Map<String, String> comments;

    private ConfigJavadoc(Map<String, String> comments) {
        this.comments = comments;
    }

    static ConfigJavadoc read(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjects(source));
            Map<String, String> comments = new HashMap<>();
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(DocTrees.instance(task), comments).scan(unit, null);
            }
            return new ConfigJavadoc(comments);
        }
    }

    /**
     * The comment of an interface, or of one of its methods.
     *
     * @param name {@code Interface} or {@code Interface.method}
     */
    String of(String name) {
        String comment = comments.get(name);
        if (comment == null) {
            throw new IllegalArgumentException(name + " has no comment");
        }
        return comment;
    }

    private static final class Reader extends TreePathScanner<Void, Void> {

        private final DocTrees trees;
        private final Map<String, String> comments;
        private String owner = "";

        Reader(DocTrees trees, Map<String, String> comments) {
            this.trees = trees;
            this.comments = comments;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            String outer = owner;
            owner = tree.getSimpleName().toString();
            put(owner, getCurrentPath());
            super.visitClass(tree, null);
            owner = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            put(owner + "." + tree.getName(), getCurrentPath());
            return null;
        }

        private void put(String name, TreePath path) {
            DocCommentTree comment = trees.getDocCommentTree(path);
            if (comment != null) {
                comments.put(name, markdown(comment.getFullBody()));
            }
        }
    }

    private static String markdown(List<? extends DocTree> parts) {
        StringBuilder text = new StringBuilder();
        for (DocTree part : parts) {
            switch (part) {
                case TextTree plain -> text.append(plain.getBody());
                case LiteralTree code -> text.append('`').append(code.getBody()).append('`');
                case LinkTree link -> text.append('`').append(key(link)).append('`');
                default -> text.append(part);
            }
        }
        return text.toString().replaceAll("\\s+", " ").strip();
    }

    /** A link to another key's method reads as the key. */
    private static String key(LinkTree link) {
        String target = link.getReference().getSignature();
        return target.startsWith("#")
                ? "cospace." + ConfigKeys.kebab(target.substring(1).replaceAll("\\(.*", ""))
                : target;
    }
}
