// SPDX-License-Identifier: Apache-2.0
// What is known here of the program tesseract (tesseract(1), version 5 of Debian 12 and 13): which
// files it reads, its arguments, and its output.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::parsers {

// Whether a file begins as a picture that it reads: PNG, JPEG, TIFF, GIF, WebP or BMP. It would
// take any other file for a list of names of files.
bool IsPicture(std::string_view bytes);

// Reads standard input, a picture or a page of 300 dots an inch, and prints a table of words.
// `languages` as the setting extraction.ocr_languages has them.
enum class PictureKind : std::uint8_t { kFile, kPage };
std::vector<std::string> ReadingArguments(const std::string& languages, PictureKind kind);

// The words of such a table that it is at least a little sure of, in lines. Of a table that breaks
// off, the whole lines count.
std::string WordsOf(std::string_view table);

// Prints the installed languages.
std::vector<std::string> ListingArguments();
// Those of `languages` that are not in this list: "deu+fra"; "" if all are.
std::string MissingLanguages(std::string_view languages, std::string_view list);

// The packages of Debian that have them: "tesseract-ocr-deu tesseract-ocr-chi-sim".
std::string PackagesOf(std::string_view languages);

}  // namespace dbxes::parsers
