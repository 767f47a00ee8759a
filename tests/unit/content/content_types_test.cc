// SPDX-License-Identifier: Apache-2.0
#include "content/content_types.h"

#include <doctest/doctest.h>

#include <string>

#include "documents/file_name.h"

namespace dbxes::content {
namespace {

ContentTypes Local(std::string_view setting) {
  return ContentTypesOf(config::ExtractionMode::kLocal, setting);
}

}  // namespace

TEST_CASE("the text formats of the older connector are read, each as what it is") {
  const ContentTypes types = Local("");
  for (const std::string extension : {"txt", "py", "rst", "markdown", "json", "csv", "md", "rb",
                                      "sh", "tsv", "paper", "log", "yaml", "adoc"}) {
    CAPTURE(extension);
    REQUIRE(types.count(extension) == 1);
    CHECK(types.at(extension) == TextFormat::kPlain);
  }
  CHECK(types.at("html") == TextFormat::kHtml);
  CHECK(types.at("aspx") == TextFormat::kHtml);
  CHECK(types.at("xml") == TextFormat::kXml);
  CHECK(types.at("svg") == TextFormat::kXml);
  for (const std::string extension :
       {"pdf", "docx", "xlsm", "potx", "odt", "ods", "odp", "epub", "rtf",  "fb2", "fodt",
        "sxw", "vsdx", "xps",  "doc",  "xls", "ppt", "msg", "eml",  "mbox", "mht", "mhtml"}) {
    CAPTURE(extension);
    REQUIRE(types.count(extension) == 1);
    CHECK(NeedsParser(types.at(extension)));
  }
  // Formats that no parser of ours knows.
  for (const std::string extension : {"pages", "vsd", "chm", "xlsb", "jpg", "zip"}) {
    CHECK(types.count(extension) == 0);
  }
}

TEST_CASE("a service or a pipeline gets whatever is read here, too") {
  for (const config::ExtractionMode mode :
       {config::ExtractionMode::kService, config::ExtractionMode::kPipeline}) {
    const ContentTypes types = ContentTypesOf(mode, "");
    for (const auto& row : Local("")) {
      if (row.first.empty()) continue;  // these only by their bytes
      CAPTURE(row.first);
      REQUIRE(types.count(row.first) == 1);
      CHECK(types.at(row.first) == TextFormat::kOpaque);
    }
    for (const std::string extension : {"mbox", "mhtml", "fodt", "sxw", "oxps", "xlt", "vssx"}) {
      CAPTURE(extension);
      CHECK(types.count(extension) == 1);
    }
  }
}

TEST_CASE("whatever is read has a media type") {
  for (const config::ExtractionMode mode :
       {config::ExtractionMode::kLocal, config::ExtractionMode::kService}) {
    for (const auto& type : ContentTypesOf(mode, "")) {
      CAPTURE(type.first);
      if (type.first.empty()) continue;
      CHECK_FALSE(documents::MimeTypeOf(type.first).empty());
    }
  }
}

TEST_CASE("where somebody else reads them, parsers are no matter") {
  const ContentTypes types = ContentTypesOf(config::ExtractionMode::kPipeline, "+foo");
  // All of the older connector's.
  for (const std::string extension :
       {"txt",  "py",   "rst", "html", "markdown", "json",  "xml", "csv",  "md",   "ppt",  "rtf",
        "docx", "odt",  "xls", "xlsx", "rb",       "paper", "sh",  "pptx", "pdf",  "doc",  "aspx",
        "xlsb", "xlsm", "tsv", "svg",  "msg",      "potx",  "vsd", "vsdx", "vsdm", "epub", "foo"}) {
    CAPTURE(extension);
    REQUIRE(types.count(extension) == 1);
    CHECK(types.at(extension) == TextFormat::kOpaque);
  }
  CHECK(types.count("jpg") == 0);
}

TEST_CASE("a list replaces the built-in one") {
  const ContentTypes types = Local(" .TXT,html\tdat ");
  CHECK(types == ContentTypes{{"dat", TextFormat::kPlain},
                              {"html", TextFormat::kHtml},
                              {"txt", TextFormat::kPlain}});
}

TEST_CASE("signs change the built-in list") {
  ContentTypes expected = Local("");
  expected.erase("csv");
  expected["dat"] = TextFormat::kPlain;
  CHECK(Local("+dat, -csv -nothing +html + -") == expected);
}

TEST_CASE("a dot is a name without an extension, which only we read by its content") {
  CHECK(Local("").at("") == TextFormat::kByContent);
  CHECK(Local("-.").count("") == 0);
  CHECK(Local("txt .") == ContentTypes{{"", TextFormat::kByContent}, {"txt", TextFormat::kPlain}});
  CHECK(Local("txt").count("") == 0);
  const auto mode = config::ExtractionMode::kService;
  CHECK(ContentTypesOf(mode, "").count("") == 0);
  CHECK(ContentTypesOf(mode, "+.").at("") == TextFormat::kOpaque);
}

TEST_CASE("archives are listed on request") {
  for (const char* extension : {"zip", "tar", "tgz", "gz"}) {
    CHECK_MESSAGE(Local("").count(extension) == 0, extension);
    CHECK_MESSAGE(Local(std::string("+") + extension).at(extension) == TextFormat::kArchive,
                  extension);
  }
  CHECK(ContentTypesOf(config::ExtractionMode::kPipeline, "+zip").at("zip") == TextFormat::kOpaque);
}

TEST_CASE("a list may name some extensions and remove others") {
  CHECK(Local("txt md -md") == ContentTypes{{"txt", TextFormat::kPlain}});
}

TEST_CASE("pictures are read on request, and the list of extensions decides which") {
  const auto with = [](std::string_view setting) {
    return ContentTypesOf(config::ExtractionMode::kLocal, setting, true);
  };
  for (const char* extension : {"bmp", "gif", "jpeg", "jpg", "png", "tif", "tiff", "webp"}) {
    CAPTURE(extension);
    CHECK(Local("").count(extension) == 0);
    REQUIRE(with("").count(extension) == 1);
    CHECK(with("").at(extension) == TextFormat::kPicture);
  }
  CHECK(with("-gif").count("gif") == 0);
  CHECK(with("-gif").count("png") == 1);
  CHECK(with("txt, png").at("png") == TextFormat::kPicture);
  CHECK(with("txt, png").count("jpg") == 0);
}

}  // namespace dbxes::content
