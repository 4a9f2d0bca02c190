namespace Libp2p.Node.View;

/// <summary>Reads keys, unseen, for as long as the process lives.</summary>
internal static class Keyboard
{
    /// <summary>Hands every key on; on a thread of its own, as reading one cannot be given up.</summary>
    public static void Start(Action<ConsoleKeyInfo> press)
    {
        var reading = new Thread(() => Read(press)) { IsBackground = true, Name = "libp2p keyboard" };
        reading.Start();
    }

    private static void Read(Action<ConsoleKeyInfo> press)
    {
        try
        {
            while (true) press(Console.ReadKey(intercept: true));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal has gone, or never was one that gives keys.
        }
    }
}
