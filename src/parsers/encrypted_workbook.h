// SPDX-License-Identifier: Apache-2.0
// Workbooks of Excel 95 to 2003 that are protected from changes, not from readers: encrypted with
// the password that Excel tries by itself ([MS-XLS] 2.2.10).
#pragma once

#include <string>

namespace dbxes::parsers {

// Decrypts the stream of such a workbook in place and takes the mark away that it is encrypted.
// A stream that has no such mark, or another password, stays as it is.
void DecryptWorkbook(std::string& stream);

}  // namespace dbxes::parsers
