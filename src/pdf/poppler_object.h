// SPDX-License-Identifier: Apache-2.0
// Values of a PDF as poppler reads them.
#pragma once

#include <Object.h>
#include <Stream.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes::pdf {

// Of bytes that outlive it, for a PDFDoc, which owns it.
BaseStream* StreamOf(std::string_view bytes);

// A text string in UTF-8: UTF-16 or UTF-8 with a mark, else PDFDocEncoding (ISO 32000-2, 7.9.2.2).
// "" for anything else than a string.
std::string TextOf(const Object& value);

// The same of a string's bytes, which may also be those of a text stream (7.9.3).
std::string DecodeText(std::string_view bytes);

// The first `max_bytes` decoded bytes of a stream; "" for anything else than a stream.
std::string BytesOf(const Object& value, std::size_t max_bytes);

// The value of a dictionary's key; null where there is no dictionary or no such key.
Object Member(const Object& dictionary, const char* key);

}  // namespace dbxes::pdf
