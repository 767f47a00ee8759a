// SPDX-License-Identifier: Apache-2.0
// RapidJSON's reader as its headers come, without the SSE2 instructions that dbx-es turns on.
#pragma once

namespace dbxes {

// Takes every token of a text that ends with a zero byte, and does nothing with it. False when it
// is no JSON.
bool ReadPlainly(const char* json);

}  // namespace dbxes
