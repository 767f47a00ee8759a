// SPDX-License-Identifier: Apache-2.0
#include "elastic/date_format.h"

#include <doctest/doctest.h>

namespace dbxes::elastic {

// Each row was seen on Elasticsearch 9.5.3, except for those that are not understood.
TEST_CASE("formats of a date field read the times that dbx-es writes, or do not") {
  for (const char* format :
       {"", "strict_date_optional_time||epoch_millis", "strict_date_optional_time",
        "date_optional_time", "strict_date_optional_time_nanos", "iso8601", "strict_date_time",
        "date_time_no_millis", "strict_date_time_no_millis", "yyyy-MM-dd'T'HH:mm:ssX",
        "yyyy-MM-dd'T'HH:mm:ss'Z'||yyyy", "uuuu-MM-dd'T'HH:mm:ssXXX", "yyyy||iso8601",
        "date||strict_date_optional_time", "yyyy-MM-dd['T'HH:mm:ssX]"}) {
    CAPTURE(format);
    CHECK(ReadsUtcTimes(format));
  }
  for (const char* format :
       {"yyyy-MM-dd", "epoch_millis", "epoch_second", "yyyy-MM-dd HH:mm:ss", "date_time",
        "yyyy-MM-dd'T'HH:mm:ssZ", "basic_date", "date_hour_minute_second", "date", "year",
        "yyyy-MM-dd'T'HH:mm:ss.SSSX", "epoch_millis||yyyy-MM-dd", "dd.MM.yyyy"}) {
    CAPTURE(format);
    CHECK_FALSE(ReadsUtcTimes(format));
  }
}

}  // namespace dbxes::elastic
