// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/style.h"

namespace dbxes::sim {

Style Style::Mild() {
  Style style;
  style.random_dots = true;
  style.page_size_jitter = true;
  style.shuffle_listing = true;
  style.chunked = true;
  return style;
}

Style Style::Nasty() {
  Style style = Mild();
  style.extra_fields = true;
  style.unknown_tags = true;
  style.null_optionals = true;
  style.write_defaults = true;
  style.ascii_escape = true;
  style.lower_case_headers = true;
  style.empty_pages = true;
  style.repeat_entries = true;
  style.compact_delta = true;
  style.display_case = true;
  style.long_cursors = true;
  style.long_tokens = true;
  style.json_charset = true;
  return style;
}

}  // namespace dbxes::sim
