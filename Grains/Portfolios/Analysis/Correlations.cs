using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>How the symbols held move together.</summary>
static class Correlations
{
    public static CorrelationReport Of(HeldReturns window, CovarianceEstimate covariance, AnalysisOptions options)
    {
        var matrix = CorrelationMatrix.Of(covariance.Matrix);
        var clusters = CorrelationClusters.Of(matrix, options.ClusterCorrelation);
        int[] largest = [.. Enumerable.Range(0, window.Held.Length)
            .OrderByDescending(i => Math.Abs(window.Held[i].Weight)).Take(options.CorrelationSymbols).Order()];
        return new(
            RiskTerms.Of(covariance.Method), covariance.Observations, window.From, window.To,
            [.. largest.Select(row => new CorrelationRow(
                window.Held[row].Symbol, [.. largest.Select(column => matrix[row, column])]))],
            window.Held.Length - largest.Length, clusters.LeastCorrelation,
            [.. clusters.Groups.Select(group => new SymbolCluster([.. group.Select(i => window.Held[i].Symbol)]))],
            matrix.LargestEigenvalueShare());
    }
}
