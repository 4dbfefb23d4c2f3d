using System.Runtime.InteropServices;
using System.Text;

namespace Trading.Learning.Tests;

/// <summary>ML.NET's LightGBM, walked by our own trees, against the native library asked directly through its C
/// interface: the same matrix and the same parameters.</summary>
public sealed class NativeLightGbmTests
{
    const int Raw = 1, Float32 = 0, Float64 = 1;

    [Fact]
    public void Scores_AgreeWithTheNativeLibrary()
    {
        var sample = Planted.Of(1_500, 10, telling: 3, signal: 0.4, seed: 41);
        var settings = TrainerSettings.Of(("trees", 40), ("leaves", 8), ("least_rows", 30), ("rate", 0.1));
        var ours = new LightGbmTrainer().Fit(sample, settings, 1, CancellationToken.None).Scores(sample);
        ours.ShouldBe(Native(sample, settings), 1e-6);
        ours.Distinct().Count().ShouldBeGreaterThan(100);
    }

    /// <summary>What ML.NET hands on, by LightGBM's own names.</summary>
    static double[] Native(Sample sample, TrainerSettings settings)
    {
        var parameters = FormattableString.Invariant(
            $"objective=binary sigmoid=0.5 learning_rate={settings["rate"]} num_leaves={settings["leaves"]} ")
            + FormattableString.Invariant($"min_data_in_leaf={settings["least_rows"]} max_bin=255 min_sum_hessian_in_leaf=0.1 ")
            + "lambda_l2=0.01 num_threads=1 seed=1 verbosity=-1 use_missing=true";
        double[] rows = [.. sample.Values.ToArray().Select(value => (double)(float)value)];
        float[] labels = [.. sample.Labels.Select(label => label.Rise ? 1f : 0)];
        Check(LGBM_DatasetCreateFromMat(rows, Float64, sample.Count, sample.Columns.Length, 1, Text(parameters), 0, out var data));
        Check(LGBM_DatasetSetField(data, Text("label"), labels, labels.Length, Float32));
        Check(LGBM_BoosterCreate(data, Text(parameters), out var booster));
        for (var tree = 0; tree < settings["trees"]; tree++)
            Check(LGBM_BoosterUpdateOneIter(booster, out _));
        var scores = new double[sample.Count];
        Check(LGBM_BoosterPredictForMat(booster, rows, Float64, sample.Count, sample.Columns.Length, 1, Raw, 0, -1, Text(""),
            out var count, scores));
        count.ShouldBe(sample.Count);
        Check(LGBM_BoosterFree(booster));
        Check(LGBM_DatasetFree(data));
        return scores;
    }

    static byte[] Text(string text) => Encoding.ASCII.GetBytes(text + '\0');

    static void Check(int code) => code.ShouldBe(0);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_DatasetCreateFromMat(double[] data, int type, int rows, int columns, int rowMajor, byte[] parameters, nint reference, out nint dataset);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_DatasetSetField(nint dataset, byte[] name, float[] values, int count, int type);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_BoosterCreate(nint dataset, byte[] parameters, out nint booster);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_BoosterUpdateOneIter(nint booster, out int finished);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_BoosterPredictForMat(nint booster, double[] data, int type, int rows, int columns, int rowMajor, int kind, int from, int count, byte[] parameters, out long length, double[] result);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_BoosterFree(nint booster);

    [DllImport("lib_lightgbm")]
    static extern int LGBM_DatasetFree(nint dataset);
}
