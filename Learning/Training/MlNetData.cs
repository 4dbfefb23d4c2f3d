using Microsoft.ML;
using Microsoft.ML.Data;

namespace Trading.Learning;

/// <summary>A sample as ML.NET reads it: single precision, features of a fixed size.</summary>
static class MlNetData
{
    public const string Features = "Features", Label = "Label", Weight = "Weight";

    /// <param name="means">Taken off each feature before it is divided by its scale; null for features as they
    /// are.</param>
    public static IDataView Of(MLContext context, Sample sample, double[]? means = null, double[]? scales = null)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, sample.Columns.Length);
        return context.Data.LoadFromEnumerable(Rows(sample, means, scales), schema);
    }

    static Row[] Rows(Sample sample, double[]? means, double[]? scales)
    {
        var rows = new Row[sample.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var features = new float[sample.Columns.Length];
            var row = sample.Row(i);
            for (var j = 0; j < features.Length; j++)
                features[j] = (float)(means is null ? row[j] : (row[j] - means[j]) / scales![j]);
            rows[i] = new() { Features = features, Label = sample.Labels[i].Rise, Weight = (float)sample.Weights[i] };
        }

        return rows;
    }

    sealed class Row
    {
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
        public float Weight { get; set; }
    }
}
