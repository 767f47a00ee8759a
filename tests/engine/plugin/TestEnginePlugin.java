// SPDX-License-Identifier: Apache-2.0
//
// Gives the small Elasticsearch distribution the parts without which its security has no API keys and
// no document level security: the analysis pieces that the .security index names, and as much of the
// script language "mustache" as role queries use. A full distribution has all of it in its modules.
package org.dbxes.test;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.ScriptPlugin;
import org.elasticsearch.script.ScriptContext;
import org.elasticsearch.script.ScriptEngine;
import org.elasticsearch.script.TemplateScript;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.json.JsonXContent;

public final class TestEnginePlugin extends Plugin implements AnalysisPlugin, ScriptPlugin {
  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of(
        "pattern_capture",
        AnalysisPlugin.requiresAnalysisSettings(
            (index, environment, name, settings) -> patternCapture(name, settings)),
        "unique",
        (index, environment, name, settings) ->
            new Filter(name, RemoveDuplicatesTokenFilter::new),
        "asciifolding",
        (index, environment, name, settings) -> new Filter(name, ASCIIFoldingFilter::new));
  }

  @Override
  public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
    return Map.of(
        "uax_url_email",
        (index, environment, name, settings) ->
            new EmailTokenizer(name, UAX29URLEmailTokenizer::new));
  }

  @Override
  public ScriptEngine getScriptEngine(Settings settings, Collection<ScriptContext<?>> contexts) {
    return new Mustache();
  }

  private static TokenFilterFactory patternCapture(String name, Settings settings) {
    boolean preserveOriginal = settings.getAsBoolean("preserve_original", true);
    Pattern[] patterns =
        settings.getAsList("patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
    return new Filter(
        name, stream -> new PatternCaptureGroupTokenFilter(stream, preserveOriginal, patterns));
  }

  private record Filter(String name, UnaryOperator<TokenStream> wrap)
      implements TokenFilterFactory {
    @Override
    public TokenStream create(TokenStream stream) {
      return wrap.apply(stream);
    }
  }

  private record EmailTokenizer(String name, Supplier<Tokenizer> make)
      implements TokenizerFactory {
    @Override
    public Tokenizer create() {
      return make.get();
    }
  }

  /** Renders {{name}}, {{a.b}} and {{#toJson}}name{{/toJson}}; refuses every other tag. */
  private static final class Mustache implements ScriptEngine {
    private static final Pattern TAG =
        Pattern.compile(
            "\\{\\{#toJson}}\\s*([\\w.]+)\\s*\\{\\{/toJson}}|\\{\\{\\s*([\\w.]+)\\s*}}|\\{\\{");

    @Override
    public String getType() {
      return "mustache";
    }

    @Override
    public Set<ScriptContext<?>> getSupportedContexts() {
      return Set.of(TemplateScript.CONTEXT, TemplateScript.INGEST_CONTEXT);
    }

    @Override
    public <T> T compile(
        String name, String source, ScriptContext<T> context, Map<String, String> options) {
      TemplateScript.Factory factory =
          params ->
              new TemplateScript(params) {
                @Override
                public String execute() {
                  return render(source, getParams());
                }
              };
      return context.factoryClazz.cast(factory);
    }

    private static String render(String source, Map<String, Object> params) {
      return TAG.matcher(source).replaceAll(tag -> Matcher.quoteReplacement(value(tag, params)));
    }

    private static String value(MatchResult tag, Map<String, Object> params) {
      if (tag.group(1) != null) return json(lookUp(tag.group(1), params));
      if (tag.group(2) == null) {
        throw new IllegalArgumentException("this test engine knows no such mustache tag");
      }
      Object found = lookUp(tag.group(2), params);
      String quoted = json(found == null ? "" : found.toString());
      return quoted.substring(1, quoted.length() - 1);
    }

    private static Object lookUp(String path, Map<String, Object> params) {
      Object at = params;
      for (String step : path.split("\\.")) {
        at = at instanceof Map<?, ?> map ? map.get(step) : null;
      }
      return at;
    }

    private static String json(Object value) {
      try (XContentBuilder builder = JsonXContent.contentBuilder()) {
        return Strings.toString(builder.value(value));
      } catch (IOException failure) {
        throw new IllegalArgumentException("cannot write " + value + " as JSON", failure);
      }
    }
  }
}
