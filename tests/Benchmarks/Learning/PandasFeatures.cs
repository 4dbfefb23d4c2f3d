namespace Trading.Benchmarks.Learning;

/// <summary>The features of closes in pandas, whole frames at a time: another hand, for time and for truth.</summary>
static class PandasFeatures
{
    /// <summary>Arguments: a file of doubles (sessions × symbols), a file of dates, and the number of symbols. Writes the
    /// median time in milliseconds and the last row of every column.</summary>
    public const string Script = """
        import json, sys, time, warnings, numpy as np, pandas as pd
        warnings.filterwarnings("ignore")
        dates = pd.to_datetime(open(sys.argv[2]).read().split())
        c = pd.DataFrame(np.fromfile(sys.argv[1]).reshape(len(dates), int(sys.argv[3])), index=dates)
        def seeded(x, n, alpha, first):
            y = x.copy(); y.iloc[first + n - 1] = x.iloc[first:first + n].mean(); y.iloc[:first + n - 1] = np.nan
            return y.ewm(alpha=alpha, adjust=False).mean()
        def windows(x, n):
            return np.lib.stride_tricks.sliding_window_view(x.values, n, axis=0)
        def framed(values, n):
            return pd.DataFrame(np.vstack([np.full((n - 1, values.shape[1]), np.nan), values]), index=c.index)
        def features():
            f = {}; l = np.log(c); r = l.diff()
            for h in (1, 2, 3, 5, 10, 21, 42, 63, 126, 252): f[f"return_{h}"] = l.diff(h)
            f["momentum_252_21"] = l.shift(21) - l.shift(252); f["momentum_126_21"] = l.shift(21) - l.shift(126)
            m = l.diff(21); f["momentum_change_21"] = m - m.shift(21)
            sd = {n: r.rolling(n).std(ddof=0) for n in (5, 10, 21, 63, 126, 252)}
            f["standard_return_1"] = r / sd[21]; f["standard_return_5"] = l.diff(5) / (sd[21] * 5 ** .5)
            up = (r > 0).astype(float).where(r.notna())
            for n in (10, 21, 63): f[f"up_share_{n}"] = up.rolling(n).mean()
            for n in sd: f[f"volatility_{n}"] = sd[n]
            f["volatility_ratio_5_21"] = np.log(sd[5] / sd[21]); f["volatility_ratio_21_63"] = np.log(sd[21] / sd[63])
            f["volatility_ratio_21_252"] = np.log(sd[21] / sd[252])
            fall = r.clip(upper=0) ** 2
            for n in (21, 63): f[f"downside_volatility_{n}"] = np.sqrt(fall.rolling(n).mean())
            f["ewma_volatility"] = np.sqrt(seeded(r ** 2, 21, .06, 1))
            f["volatility_of_volatility_63"] = sd[21].rolling(63).std(ddof=0) / sd[21].rolling(63).mean()
            for n in (21, 63, 252):
                f[f"skewness_{n}"] = r.rolling(n).skew() * (n - 2) / (n * (n - 1)) ** .5
                f[f"kurtosis_{n}"] = (r.rolling(n).kurt() * (n - 2) * (n - 3) / (n - 1) - 6) / (n + 1)
            f["best_return_21"] = r.rolling(21).max(); f["worst_return_21"] = r.rolling(21).min()
            mean = {n: c.rolling(n).mean() for n in (5, 10, 20, 50, 100, 200)}
            for n in mean: f[f"distance_average_{n}"] = l - np.log(mean[n])
            f["average_cross_10_50"] = np.log(mean[10] / mean[50]); f["average_cross_50_200"] = np.log(mean[50] / mean[200])
            for n in (21, 63, 252):
                f[f"distance_high_{n}"] = l - l.rolling(n).max(); f[f"distance_low_{n}"] = l - l.rolling(n).min()
            w = windows(l, 252)[..., ::-1]
            f["since_high_252"] = framed(w.argmax(-1) / 252, 252); f["since_low_252"] = framed(w.argmin(-1) / 252, 252)
            for n in (21, 63):
                p = np.arange(n) - (n - 1) / 2; s = windows(l, n) @ p; v = windows(l, n).var(-1)
                f[f"trend_slope_{n}"] = framed(s / (p @ p), n); f[f"trend_fit_{n}"] = framed(s ** 2 / (p @ p) / (n * v), n)
            d = c.diff()
            for n in (2, 7, 14, 28):
                g, q = seeded(d.clip(lower=0), n, 1 / n, 1), seeded((-d).clip(lower=0), n, 1 / n, 1); f[f"rsi_{n}"] = g / (g + q)
            macd = seeded(c, 12, 2 / 13, 0) - seeded(c, 26, 2 / 27, 0); signal = seeded(macd, 9, .2, 25)
            f["macd"] = macd / c; f["macd_signal"] = signal / c; f["macd_histogram"] = (macd - signal) / c
            b = c.rolling(20).std(ddof=0); f["bollinger_position_20"] = (c - mean[20] + 2 * b) / (4 * b)
            f["bollinger_width_20"] = 4 * b / mean[20]
            for lag, n in ((1, 21), (1, 63), (2, 63), (5, 63)): f[f"autocorrelation_{lag}_{n}"] = r.rolling(n).corr(r.shift(lag))
            f["volatility_clustering_63"] = r.abs().rolling(63).corr(r.abs().shift(1))
            f["variance_ratio_5_63"] = (l.diff(5) ** 2).rolling(63).mean() / (5 * (r ** 2).rolling(63).mean())
            v = r.rolling(63).cov(r.shift(1), ddof=0); f["roll_spread_63"] = -2 * np.sign(v) * np.sqrt(v.abs())
            for n in (10, 21, 63): f[f"efficiency_{n}"] = l.diff(n).abs() / r.abs().rolling(n).sum()
            f["volatility_rank_252"] = (sd[21].rolling(252).rank() - 1) / 251
            f["above_average_200"] = (c > mean[200]).astype(float)
            for name, x in calendar().items(): f[name] = pd.DataFrame(np.repeat(x[:, None], c.shape[1], 1), index=c.index)
            return f
        def calendar():
            i = c.index; k = 2 * np.pi * (i.dayofweek.values) / 5; y = 2 * np.pi * i.dayofyear.values / 365.25
            left = i.days_in_month.values - i.day.values; gap = np.diff(i.values).astype("timedelta64[D]").astype(float)
            return {"weekday_sine": np.sin(k), "weekday_cosine": np.cos(k), "month_sine": np.sin(y), "month_cosine": np.cos(y),
                    "month_turn": ((i.day.values <= 3) | (left < 3)).astype(float),
                    "quarter_end": ((i.month.values % 3 == 0) & (left < 10)).astype(float),
                    "days_since_session": np.concatenate([[np.nan], gap])}
        f = features(); t = []
        for _ in range(5):
            b = time.perf_counter(); features(); t.append(time.perf_counter() - b)
        print(json.dumps({"name": "pandas " + pd.__version__, "ms": 1e3 * sorted(t)[2],
                          "last": {k: x.iloc[-1].tolist() for k, x in f.items()}}))
        """;
}
