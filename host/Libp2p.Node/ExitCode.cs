namespace Libp2p.Node;

/// <summary>How a command ended: 0 is success, 2 a wrong command line, 10 and up the layer that failed.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    public static int Of(ConnectionLayer layer) => 10 + (int)layer;
}
