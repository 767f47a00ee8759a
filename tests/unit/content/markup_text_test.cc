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

TEST_CASE("HTML is read as browsers read it") {
  const std::string xhtml = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head>";
  CHECK(Html(xhtml + "<title/></head><body><p>word</p></body></html>") == "word");
  CHECK(Html(xhtml + "<title>T</title><script src=\"x.js\"/><style/></head><p>word</p>") == "word");
  CHECK(Html("<?xml version='1.0'?><html><title/><p>word</p></html>") == "word");
  CHECK(HtmlToText(xhtml + "<title>T</title>").title == "T");
  // In HTML, such a tag opens the element; but what never ends would take all the rest.
  CHECK(Html("<script src=x />var no;</script>yes") == "yes");
  CHECK(Html("<script src=\"x.js\"/><p>word</p>") == "word");
  CHECK(Html("<div/>a<p/>b") == "a\nb");
  // A quotation mark counts only right after an equals sign.
  CHECK(Html("<td width=10\">Alpha</td><td width=\"20\">Beta</td>") == "Alpha Beta");
  CHECK(Html("<a title = '1 > 0' \" href=x>link</a>") == "link");
  CHECK(Html("<p =\"x>y\">z") == "y\">z");
  CHECK(Html("<p a=>b") == "b");
  CHECK(Html("a<!-->b<!--->c<!-- d --!>e<!-- > -- -->f") == "abcef");
  CHECK(Html("a</>b</ c>d<?x y>e<!x>f") == "abdef");
  CHECK(HtmlToText("<title>a <b> &amp; c</title>d").title == "a <b> & c");
  CHECK(Html("<textarea><p>x</textarea>y") == "<p>x\ny");
  CHECK(Html("<script>'</scripts>'; <!-- <script>no</script> no --></script>yes") == "yes");
  CHECK(Html("<style><!-- </style>yes") == "yes");
}

TEST_CASE("text in drawings is text, and their descriptions are not") {
  CHECK(
      Html(
          "<p>a<svg><title>icon</title><path d='x'/><text>Chapter</text><text>One</text></svg>b") ==
      "a\nChapter One b");
  CHECK(HtmlToText("<svg><title>icon</title></svg><title>T</title>").title == "T");
}

TEST_CASE("author and language of a page") {
  const MarkupText page =
      HtmlToText("<html lang=\"de-AT\"><meta name=Author content='Ann &amp; Bo'>x");
  CHECK(page.author == "Ann & Bo");
  CHECK(page.language == "de-AT");
}

TEST_CASE("HTML within the texts of a feed is read as HTML") {
  CHECK(XmlToText("<rss><item><title>a &lt; b</title><description><![CDATA[<p class=\"x\">one</p>"
                  "<td>two</td>]]></description></item></rss>") == "a < b one\ntwo ");
  CHECK(XmlToText("<content:encoded>&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two</content:encoded>") ==
        "one\ntwo ");
  CHECK(XmlToText("<description>plain 1 < 2</description>") == "plain 1 < 2 ");
  CHECK(XmlToText("<code><![CDATA[<p>]]></code>") == "<p> ");
  CHECK(XmlToText("<w:t>text</w:t><w:binData w:name='x'>R0lGODlh</w:binData><w:t>more</w:t>") ==
        "text more ");
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
  CHECK(resolve("&Alpha;&lambda;&phi;&hearts; &copy 2020 &notit; &notin; "
                "&CounterClockwiseContourIntegral;") ==
        "\u0391\u03bb\u03c6\u2665 \u00a9 2020 \u00acit; \u2209 \u2233");
  CHECK(resolve("&#150;&#x80;&#0;&#233 &#xe9g") == "\u2013\u20ac\ufffd\u00e9 \u00e9g");
  CHECK(resolve("AT&T; &unknown; &; &#; &#x; &#xzz; & &amp") ==
        "AT&T; &unknown; &; &#; &#x; &#xzz; & &");
  CHECK(resolve("&#xd800;&#x110000;") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(resolve("&#99999999999;") == "\ufffd");
}

// A pass for each piece would be some hundred thousand of them: no timeout is that long.
TEST_CASE("no input takes more than one pass") {
  const std::string_view pieces[] = {"<",         "<a ",         "<a \"",    "<a '\"", "<a =\"",
                                     "<script/>", "<title/>",    "<!-- --",  "<svg>",  "<!--",
                                     "<![CDATA[", "<!x[",        "<script>", "</",     "&",
                                     "&amp",      "<p><style></"};
  for (const std::string_view piece : pieces) {
    CAPTURE(piece);
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    CHECK(HtmlToText(text).text.size() <= text.size() + text.size() / 5);
    CHECK(XmlToText(text).size() <= 2 * text.size());
  }
}

}  // namespace dbxes::content
