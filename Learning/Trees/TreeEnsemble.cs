using System.Collections.Immutable;
using System.Text.Json;

namespace Trading.Learning;

/// <summary>A regression tree: an inner node sends a row left where its feature is at most the threshold. A child that
/// is not negative is an inner node, a negative one the complement of a leaf.</summary>
public sealed record RegressionTree(
    ImmutableArray<int> Features, ImmutableArray<float> Thresholds, ImmutableArray<double> Gains,
    ImmutableArray<int> Left, ImmutableArray<int> Right, ImmutableArray<double> Leaves)
{
    /// <summary>Why it is no tree over so many features; null where it is one: every node is reached once, so walking
    /// ends.</summary>
    public string? Problem(int width)
    {
        if (Features.IsDefault || Thresholds.IsDefault || Gains.IsDefault || Left.IsDefault || Right.IsDefault || Leaves.IsDefault)
            return "A part of a tree is missing.";
        var inner = Features.Length;
        if (Thresholds.Length != inner || Gains.Length != inner || Left.Length != inner || Right.Length != inner
            || Leaves.Length != inner + 1)
            return $"A tree of {inner} nodes has {Leaves.Length} leaves.";
        if (Features.Any(feature => feature < 0 || feature >= width)) return $"A tree asks for a feature beyond {width}.";
        if (Thresholds.Any(float.IsNaN) || !Leaves.All(double.IsFinite)) return "A tree has a number that is none.";
        int[] children = [.. Left, .. Right];
        return children.Distinct().Count() == children.Length && children.All(child => child > 0 && child < inner
            || child < 0 && ~child < Leaves.Length) && InOrder(inner)
            ? null
            : "The nodes of a tree are not one tree.";
    }

    /// <summary>A child stands behind its parent.</summary>
    bool InOrder(int inner)
    {
        for (var node = 0; node < inner; node++)
            if ((Left[node] >= 0 && Left[node] <= node) || (Right[node] >= 0 && Right[node] <= node)) return false;
        return true;
    }
}

/// <summary>The sum of trees, walked by ourselves: features in single precision as ML.NET compares them.</summary>
public sealed class TreeEnsemble : IStagedModel
{
    readonly ImmutableArray<RegressionTree> _trees;
    readonly double _bias;
    readonly Node[] _nodes;
    readonly double[] _leaves;
    readonly int[] _roots, _depths;

    /// <exception cref="CorruptModelException">A tree that is none.</exception>
    public TreeEnsemble(ImmutableArray<RegressionTree> trees, double bias, int width)
    {
        if (trees.IsDefault || width < 1 || !double.IsFinite(bias))
            throw new CorruptModelException("The stored trees are not whole.");
        if (trees.Select(tree => tree.Problem(width)).FirstOrDefault(problem => problem is not null) is { } problem)
            throw new CorruptModelException(problem);
        (_trees, _bias, Width) = (trees, bias, width);
        (_nodes, _leaves, _roots, _depths) = Flatten(trees);
        var gains = new double[width];
        foreach (var tree in trees)
            for (var node = 0; node < tree.Features.Length; node++)
                gains[tree.Features[node]] += tree.Gains[node];
        var total = gains.Sum();
        Importance = [.. gains.Select(gain => total > 0 ? gain / total : 0)];
    }

    public int Width { get; }
    public int Stages => _trees.Length;
    public bool IsLinear => false;
    public ImmutableArray<double> Importance { get; }

    public IFittedModel Take(int stages) => new TreeEnsemble(_trees[..stages], _bias, Width);

    public void Score(ReadOnlySpan<double> rows, Span<double> scores)
    {
        const int Batch = 128;
        var single = new float[Math.Min(scores.Length, Batch) * Width];
        for (var from = 0; from < scores.Length; from += Batch)
        {
            var count = Math.Min(Batch, scores.Length - from);
            var batch = rows.Slice(from * Width, count * Width);
            for (var i = 0; i < batch.Length; i++)
                single[i] = (float)batch[i];
            Score(single, scores.Slice(from, count));
        }
    }

    /// <summary>Tree by tree, so that its nodes stay near; four rows at a time, so that one waits while another is
    /// fetched. Leaves lead to themselves, and every row takes as many steps as the tree is deep: no branch to
    /// foresee.</summary>
    void Score(float[] rows, Span<double> scores)
    {
        scores.Fill(_bias);
        var (width, nodes, leaves) = (Width, _nodes, _leaves);
        for (var tree = 0; tree < _roots.Length; tree++)
        {
            var (root, depth, row) = (_roots[tree], _depths[tree], 0);
            for (; row + 4 <= scores.Length; row += 4)
            {
                int a = root, b = root, c = root, d = root, at = row * width;
                for (var step = 0; step < depth; step++)
                {
                    a = Next(nodes[a], rows, at);
                    b = Next(nodes[b], rows, at + width);
                    c = Next(nodes[c], rows, at + 2 * width);
                    d = Next(nodes[d], rows, at + 3 * width);
                }

                scores[row] += leaves[a];
                scores[row + 1] += leaves[b];
                scores[row + 2] += leaves[c];
                scores[row + 3] += leaves[d];
            }

            for (; row < scores.Length; row++)
            {
                var node = root;
                for (var step = 0; step < depth; step++)
                    node = Next(nodes[node], rows, row * width);
                scores[row] += leaves[node];
            }
        }
    }

    static int Next(in Node node, float[] rows, int at) =>
        node.Left + (rows[at + node.Feature] <= node.Threshold ? 0 : node.Step);

    /// <summary>All nodes of all trees one behind the other, leaves among them; a leaf is its own child.</summary>
    static (Node[], double[], int[], int[]) Flatten(ImmutableArray<RegressionTree> trees)
    {
        var size = trees.Sum(tree => tree.Features.Length + tree.Leaves.Length);
        var (nodes, leaves, roots, depths) = (new Node[size], new double[size], new int[trees.Length], new int[trees.Length]);
        var first = 0;
        for (var tree = 0; tree < trees.Length; tree++)
        {
            var (one, inner) = (trees[tree], trees[tree].Features.Length);
            roots[tree] = first;
            int Place(int child) => first + (child >= 0 ? child : inner + ~child);
            var level = new int[inner];
            for (var node = 0; node < inner; node++)
            {
                nodes[first + node] = new(one.Features[node], one.Thresholds[node], Place(one.Left[node]),
                    Place(one.Right[node]) - Place(one.Left[node]));
                foreach (var child in (ReadOnlySpan<int>)[one.Left[node], one.Right[node]])
                    if (child >= 0) level[child] = level[node] + 1;
                depths[tree] = Math.Max(depths[tree], level[node] + 1);
            }

            for (var leaf = 0; leaf < one.Leaves.Length; leaf++)
            {
                nodes[first + inner + leaf] = new(0, float.PositiveInfinity, first + inner + leaf, 0);
                leaves[first + inner + leaf] = one.Leaves[leaf];
            }

            first += inner + one.Leaves.Length;
        }

        return (nodes, leaves, roots, depths);
    }

    public string Save() => JsonSerializer.Serialize(new Stored(Width, _bias, _trees));

    public static TreeEnsemble Load(string saved)
    {
        try
        {
            return JsonSerializer.Deserialize<Stored>(saved) is { } stored
                ? new(stored.Trees, stored.Bias, stored.Width)
                : throw new CorruptModelException("The stored trees are empty.");
        }
        catch (JsonException failure)
        {
            throw new CorruptModelException($"The stored trees cannot be read: {failure.Message}", failure);
        }
    }

    readonly record struct Node(int Feature, float Threshold, int Left, int Step);

    sealed record Stored(int Width, double Bias, ImmutableArray<RegressionTree> Trees);
}
