// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using C = ConnectorConfig;
template <auto Member>
constexpr auto kConnector = &OptionMember<&Config::connector, Member>;

constexpr std::array kRows{
    OptionRow{.section = "connector",
              .key = "id",
              .type = T::kString,
              .flag = "--connector",
              .value_name = "ID",
              .field = kConnector<&C::id>,
              .help = "Show each sync in Kibana as a job of the connector with this id. "
                      "dbx-es-connector(1) makes the connector. Without an id, Kibana shows "
                      "nothing of dbx-es, and no request is made for it."},
    OptionRow{.section = "connector",
              .key = "rules",
              .type = T::kBool,
              .default_text = "true",
              .field = kConnector<&C::rules>,
              .help =
                  "Use the sync rules that are active in Kibana, unless sync.rules names a "
                  "file. With false, Kibana offers no editor for rules. If true is written in the "
                  "configuration, sync.rules must not be set."},
};

}  // namespace

std::span<const OptionRow> ConnectorOptions() { return kRows; }

}  // namespace dbxes::config
