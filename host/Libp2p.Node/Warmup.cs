namespace Libp2p.Node;

/// <summary>
/// Has cryptography loaded on a second thread while the first reads the command line and composes the node: loading code is most of what a start takes, and this much of it can be done beside the rest.
/// </summary>
internal static class Warmup
{
    /// <summary>Begins, where these arguments run a node. Returns at once.</summary>
    public static void Begin(IReadOnlyList<string> args)
    {
        if (args.Count > 0 && (!args[0].StartsWith('-') || args.Any(static arg => arg is "--help" or "-h" or "-?" or "--version"))) return;
        ThreadPool.UnsafeQueueUserWorkItem(static _ => Run(), null);
    }

    private static void Run()
    {
        using var key = PrivateKey.Generate();
        _ = key.PublicKey.PeerId.ToString();
    }
}
