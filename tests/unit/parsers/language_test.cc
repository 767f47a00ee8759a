// SPDX-License-Identifier: Apache-2.0
#include "parsers/language.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "parsers/extracted_text.h"
#include "parsers/parse_document.h"

namespace dbxes::parsers {

TEST_CASE("a text has the code of its language") {
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"en", "The contract was signed by both parties yesterday afternoon."},
      {"de", "Der Vertrag wurde gestern Nachmittag von beiden Seiten unterschrieben."},
      {"pt",
       "O contrato foi assinado ontem \u00e0 tarde por ambas as partes; n\u00e3o h\u00e1 mais."},
      {"pl", "Umowa zosta\u0142a wczoraj po po\u0142udniu podpisana przez obie strony."},
      {"ru",
       "\u0414\u043e\u0433\u043e\u0432\u043e\u0440 \u0431\u044b\u043b "
       "\u043f\u043e\u0434\u043f\u0438\u0441\u0430\u043d "
       "\u0432\u0447\u0435\u0440\u0430 \u043e\u0431\u0435\u0438\u043c\u0438 "
       "\u0441\u0442\u043e\u0440\u043e\u043d\u0430\u043c\u0438, "
       "\u043f\u043e\u0442\u043e\u043c\u0443 \u0447\u0442\u043e \u044d\u0442\u043e "
       "\u0431\u044b\u043b\u043e "
       "\u043d\u0435\u043e\u0431\u0445\u043e\u0434\u0438\u043c\u043e."},
      {"he",
       "\u05d4\u05d7\u05d5\u05d6\u05d4 \u05e0\u05d7\u05ea\u05dd \u05d0\u05ea\u05de\u05d5\u05dc "
       "\u05d1\u05e6\u05d4\u05e8\u05d9\u05d9\u05dd."},
      {"ja",
       "\u5951\u7d04\u306f\u6628\u65e5\u306e\u5348\u5f8c\u306b\u7f72\u540d\u3055\u308c\u307e"
       "\u3057\u305f\u3002"}};
  for (const auto& [code, text] : texts) CHECK(GuessLanguage(text) == code);
}

TEST_CASE("what is in no language, or in too many, has no code") {
  for (const std::string_view text :
       {"", " ", "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20", "x = y * z + 17;",
        "a8f9e0c1b2d3 77aa 0x00ff b64 zz9plural", "\xff\xfe\x80 words \xc3"}) {
    CAPTURE(text);
    CHECK(GuessLanguage(text) == "");
  }
  CHECK(
      GuessLanguage("Le contrat a \u00e9t\u00e9 sign\u00e9 hier par les deux parties et il engage "
                    "tout le monde. Der Vertrag wurde gestern unterschrieben. O contrato foi "
                    "assinado ontem por ambas as partes.") == "");
}

TEST_CASE("a process that guesses returns a language and no text") {
  const auto document = ParseDocument(
      "Il contratto \u00e8 stato firmato ieri da entrambe le parti.", DocumentForm::kLanguage, {});
  REQUIRE(document);
  CHECK(document->properties.language == "it");
  CHECK(document->text == "");
}

TEST_CASE("only texts that name no language are worth a guess, and whole characters of them") {
  content::ExtractedText text;
  text.text = std::string(40, 'a');
  CHECK(HasLanguageToGuess(text));
  text.language = "de";
  CHECK_FALSE(HasLanguageToGuess(text));
  text.language = "";
  text.text.pop_back();
  CHECK_FALSE(HasLanguageToGuess(text));
  CHECK(LanguageSample("short") == "short");
  const std::string sample(LanguageSample("a" + std::string(3000, 'b') + [] {
    std::string accents;
    for (int i = 0; i < 1000; ++i) accents += "\u00e9";
    return accents;
  }()));
  CHECK(sample.size() == 4095);
  CHECK(sample.ends_with("\u00e9"));
}

TEST_CASE("a guess that fails costs the language only; without a process it is an error") {
  content::ExtractedText text;
  text.text = "words";
  const auto crashed =
      WithLanguage(text, Parsed<ParsedDocument>(tl::unexpected(Unreadable::kCrashed)));
  REQUIRE(crashed);
  CHECK(crashed->text == "words");
  CHECK(crashed->language == "");
  const auto failed = WithLanguage(text, Fail(ErrorKind::kInternal, "no process"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "no process");
}

}  // namespace dbxes::parsers
