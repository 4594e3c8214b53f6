"""The clouds that Azure has, by the names that `az cloud list` prints."""

from typing import Final

PUBLIC: Final = "AzureCloud"
US_GOVERNMENT: Final = "AzureUSGovernment"
CHINA: Final = "AzureChinaCloud"
CLOUDS: Final = (PUBLIC, US_GOVERNMENT, CHINA)
