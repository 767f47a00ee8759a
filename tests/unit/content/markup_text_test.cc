// SPDX-License-Identifier: Apache-2.0
#include "content/markup_text.h"

#include <doctest/doctest.h>

#include <string>

#include "content/entities.h"

namespace dbxes::content {
namespace {

std::string Html(std::string_view html) { return HtmlToText(html).text; }

}  // namespace

TEST_CASE("HTML becomes what a reader sees") {
  const MarkupText page = HtmlToText(
      "<!DOCTYPE html>\n<html><head><title> The &amp; title\n</title>"
      "<style>p { color: red }</style><script>if (a < b) { document.write('<p>no</p>') }</SCRIPT >"
      "</head><body class='x'><h1>One</h1><p>two <b>th</b>ree<br>four</p><!-- <p>five</p> -->"
      "<ul><li>six<li>seven</ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</table></body>");
  CHECK(page.title == "The & title");
  CHECK(page.text == "One\ntwo three\nfour\nsix\nseven\na b\nc");
  CHECK(Html("<pre>a\n  b</pre> c   d") == "a\n  b\nc d");
}

TEST_CASE("broken HTML is read as far as it goes") {
  CHECK(Html("a < b && c > d") == "a < b && c > d");
  CHECK(Html("1<2") == "1<2");
  CHECK(Html("text<") == "text<");
  CHECK(Html("text</") == "text</");
  CHECK(Html("text<p") == "text");
  CHECK(Html("text<a href=\"never closed>more") == "text");
  CHECK(Html("text<!-- never closed") == "text");
  CHECK(Html("text<script>never closed") == "text");
  CHECK(Html("<a title='1 > 0'>link</a>") == "link");
  CHECK(Html("<![CDATA[1 < 2]]>") == "1 < 2");
  CHECK(Html("") == "");
}

TEST_CASE("XML becomes its character data") {
  CHECK(XmlToText("<?xml version=\"1.0\"?><a x=\"no\"><b>one</b><b>two &lt;</b>"
                  "<![CDATA[<three> &amp;]]></a>") == "one two < <three> &amp; ");
}

TEST_CASE("entities of a document's own are not resolved") {
  const std::string laughs =
      "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">"
      "<!ENTITY x SYSTEM \"file:///etc/passwd\">]><l>&b;&x;</l>";
  CHECK(XmlToText(laughs) == "&b;&x; ");
}

TEST_CASE("character references are resolved where they are ones") {
  const auto resolve = [](std::string_view text) {
    std::string out;
    AppendResolved(text, out);
    return out;
  };
  CHECK(resolve("&lt;&gt;&amp;&quot;&apos;") == "<>&\"'");
  CHECK(resolve("&eacute;&euro;&nbsp;&AElig;&yuml;") == "\u00e9\u20ac\u00a0\u00c6\u00ff");
  CHECK(resolve("&#233;&#xe9;&#XE9;&#x1F600;") == "\u00e9\u00e9\u00e9\U0001f600");
  CHECK(resolve("AT&T; &unknown; &; &#; &#x; &#xzz; & &amp") ==
        "AT&T; &unknown; &; &#; &#x; &#xzz; & &amp");
  CHECK(resolve("&#xd800;&#x110000;") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(resolve("&#99999999999;") == "&#99999999999;");
}

// A pass for each piece would be some hundred thousand of them: no timeout is that long.
TEST_CASE("no input takes more than one pass") {
  const std::string_view pieces[] = {"<",    "<a ",      "<a \"", "<a '\"", "<!--", "<![CDATA[",
                                     "<!x[", "<script>", "</",    "&",      "&amp", "<p><style></"};
  for (const std::string_view piece : pieces) {
    CAPTURE(piece);
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    CHECK(HtmlToText(text).text.size() <= text.size());
    CHECK(XmlToText(text).size() <= 2 * text.size());
  }
}

}  // namespace dbxes::content
