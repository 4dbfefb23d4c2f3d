"""The moving-average cross on columns of closes by other means: prints the seconds of one run, without reading the file.

usage: backtest_peers.py NAME FILE FAST SLOW
Costs are those that the means have: a part of what is traded (2.5 basis points of spread and 5 of commission).
"""
import sys
import time

import numpy as np

name, file, fast, slow = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
closes = np.loadtxt(file, delimiter=",", skiprows=1, ndmin=2)
COST = 0.00075


def means(prices, window):
    sums = np.cumsum(prices)
    sums[window:] = sums[window:] - sums[:-window]
    return sums[window - 1:] / window


def numpy_loop():
    """Vectors over each column: positions are known a bar before they earn."""
    equity = np.zeros(len(closes) - 1)
    for column in closes.T:
        held = np.zeros(len(column))
        held[slow - 1:] = means(column, fast)[slow - fast:] > means(column, slow)
        returns = column[1:] / column[:-1] - 1
        traded = np.abs(np.diff(held, prepend=0))[:-1]
        equity += held[:-1] * returns - traded * COST
    return np.cumprod(1 + equity / closes.shape[1])[-1]


def pandas_vector():
    import pandas
    frame = pandas.DataFrame(closes)
    held = (frame.rolling(fast).mean() > frame.rolling(slow).mean()).astype(float)
    net = held.shift() * frame.pct_change() - held.diff().abs().shift() * COST
    return (1 + net.mean(axis=1).fillna(0)).cumprod().iloc[-1]


def python_events():
    """A plain event loop of floats: bar by bar, symbol by symbol."""
    from collections import deque
    count = closes.shape[1]
    cash, units = 1_000_000.0, [0.0] * count
    windows = [(deque(), deque()) for _ in range(count)]
    sums, pending = [[0.0, 0.0] for _ in range(count)], [None] * count
    rows = closes.tolist()
    for row in rows:
        for symbol, price in enumerate(row):
            if pending[symbol] is not None:
                cash -= (pending[symbol] - units[symbol]) * price + abs(pending[symbol] - units[symbol]) * price * COST
                units[symbol], pending[symbol] = pending[symbol], None
            for place, length in ((0, fast), (1, slow)):
                window = windows[symbol][place]
                window.append(price)
                sums[symbol][place] += price
                if len(window) > length:
                    sums[symbol][place] -= window.popleft()
            if len(windows[symbol][1]) == slow:
                long = sums[symbol][0] * slow > sums[symbol][1] * fast
                if long != (units[symbol] > 0):
                    pending[symbol] = 1_000_000.0 / count / price if long else 0.0
    return cash


def backtesting_py():
    import pandas
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    class Cross(Strategy):
        def init(self):
            self.fast = self.I(lambda v: pandas.Series(v).rolling(fast).mean(), self.data.Close)
            self.slow = self.I(lambda v: pandas.Series(v).rolling(slow).mean(), self.data.Close)

        def next(self):
            if crossover(self.fast, self.slow):
                self.buy()
            elif crossover(self.slow, self.fast):
                self.position.close()

    for column in closes.T:
        frame = pandas.DataFrame({"Open": column, "High": column, "Low": column, "Close": column})
        Backtest(frame, Cross, cash=1_000_000, commission=COST).run()


def backtrader():
    import backtrader as bt
    import pandas

    class Cross(bt.Strategy):
        def __init__(self):
            self.crosses = [bt.ind.CrossOver(bt.ind.SMA(data, period=fast), bt.ind.SMA(data, period=slow)) for data in self.datas]

        def next(self):
            for data, cross in zip(self.datas, self.crosses):
                if cross > 0:
                    self.order_target_percent(data, 1.0 / len(self.datas))
                elif cross < 0:
                    self.close(data)

    brain = bt.Cerebro()
    dates = pandas.date_range("2000-01-01", periods=len(closes), freq="D" if closes.shape[1] > 1 else "min")
    for column in closes.T:
        frame = pandas.DataFrame({"open": column, "high": column, "low": column, "close": column, "volume": 1e6}, index=dates)
        brain.adddata(bt.feeds.PandasData(dataname=frame))
    brain.addstrategy(Cross)
    brain.broker.setcommission(commission=COST)
    brain.run()


def vectorbt():
    import pandas
    import vectorbt as vbt
    frame = pandas.DataFrame(closes)
    quick, calm = vbt.MA.run(frame, fast), vbt.MA.run(frame, slow)
    vbt.Portfolio.from_signals(frame, quick.ma_crossed_above(calm), quick.ma_crossed_below(calm), fees=COST).total_return()


runs = {"numpy loop": numpy_loop, "pandas vector": pandas_vector, "python events": python_events,
        "backtesting.py": backtesting_py, "backtrader": backtrader, "vectorbt": vectorbt}
run = runs[name]
if name in ("numpy loop", "pandas vector", "vectorbt"):
    run()  # warm, and compiled
began = time.perf_counter()
run()
print(time.perf_counter() - began)
