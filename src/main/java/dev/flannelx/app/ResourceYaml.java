package dev.flannelx.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.util.regex.Pattern;

/** Writes a resource as a person would: blocks for longer texts, quotes only where YAML needs them. */
final class ResourceYaml {
    private static final YAMLMapper MAPPER = YAMLMapper.builder(
                    YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private ResourceYaml() {}

    static String write(JsonNode resource) throws JsonProcessingException {
        return MAPPER.writeValueAsString(resource);
    }

    /** Text that Kubernetes, which reads YAML 1.1, could take for a number stays text. */
    private static final class Quoting extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1;

        private static final Pattern LIKE_A_NUMBER = Pattern.compile("[-+.0-9].*", Pattern.DOTALL);
        private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}(/[0-9]+)?");

        @Override
        public boolean needToQuoteValue(String value) {
            boolean ambiguous = LIKE_A_NUMBER.matcher(value).matches()
                    && !ADDRESS.matcher(value).matches();
            return ambiguous || super.needToQuoteValue(value);
        }
    }
}
