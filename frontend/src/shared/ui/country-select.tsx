import { Select, type SelectProps } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { matches } from "@/shared/i18n/fold";

// ISO 3166-1, two letters.
const codes =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split(
    " ",
  );
/** Saudi Arabia and its neighbours are chosen most. */
const near = ["SA", "AE", "BH", "KW", "OM", "QA"];
const inOrder = [...near, ...codes.filter((code) => !near.includes(code))];

export const countries = (): readonly string[] => inOrder;

type Props = Omit<SelectProps, "data" | "searchable" | "filter">;

/** A country, found by its English or Arabic name or its two letters. */
export function CountrySelect(props: Props) {
  const { i18n } = useTranslation();
  const choices = useNamed(codes, "region", near);
  const both = useBothNames("region");
  return (
    <Select
      checkIconPosition="right"
      {...props}
      key={i18n.language}
      data={choices}
      searchable
      filter={({ options, search }) => found(options, search, both)}
    />
  );
}

/** A currency, found by its name in either language or its three letters. */
export function CurrencySelect(props: Props) {
  const { i18n } = useTranslation();
  const choices = useNamed(currencies, "currency", ["SAR", "USD", "EUR", "AED"], true);
  const both = useBothNames("currency");
  return (
    <Select
      {...props}
      key={i18n.language}
      data={choices}
      searchable
      filter={({ options, search }) => found(options, search, both)}
    />
  );
}

const currencies =
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split(
    " ",
  );

/** A country's or a currency's name in the reader's language; the code itself when it has none. */
export function useNameOf(type: "region" | "currency") {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const names = new Intl.DisplayNames([i18n.language], { type, fallback: "code" });
    return (code: string) => {
      try {
        return names.of(code) ?? code;
      } catch {
        return code;
      }
    };
  }, [i18n.language, type]);
}

function useNamed(
  all: readonly string[],
  type: "region" | "currency",
  first: readonly string[],
  withCode = false,
) {
  const { i18n } = useTranslation();
  const name = useNameOf(type);
  return useMemo(() => {
    const order = new Intl.Collator(i18n.language);
    const named = all.map((value) => ({
      value,
      label: withCode ? `${value} · ${name(value)}` : name(value),
    }));
    named.sort((one, other) => order.compare(one.label, other.label));
    const place = (value: string) => {
      const at = first.indexOf(value);
      return at < 0 ? first.length : at;
    };
    return named.sort((one, other) => place(one.value) - place(other.value));
  }, [all, first, i18n.language, name, withCode]);
}

function useBothNames(type: "region" | "currency") {
  return useMemo(() => {
    const names = ["en", "ar"].map((lng) => new Intl.DisplayNames([lng], { type }));
    return (code: string) => [code, ...names.map((one) => one.of(code) ?? "")].join(" ");
  }, [type]);
}

function found(
  options: Parameters<NonNullable<SelectProps["filter"]>>[0]["options"],
  search: string,
  both: (code: string) => string,
) {
  if (search.trim() === "") return options;
  return options.filter(
    (one) => !("value" in one) || matches(`${both(one.value)} ${one.label}`, search),
  );
}
