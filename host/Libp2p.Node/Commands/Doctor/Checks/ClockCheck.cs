using System.Globalization;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>Whether the clock can be right: certificates and signed records are judged by it.</summary>
/// <param name="time">The clock.</param>
/// <param name="installed">When this program's file was written.</param>
internal sealed class ClockCheck(TimeProvider time, DateTimeOffset installed) : ICheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    public string Section => "clock";

    public IEnumerable<Finding> Check()
    {
        var now = time.GetUtcNow();
        yield return now + Tolerance < installed
            ? Finding.Problem("clock", $"{Show(now)} is before {Show(installed)}, when this program was installed", "Set the clock, and let a time service keep it (timedatectl set-ntp true).")
            : Finding.Ok("clock", Show(now));
    }

    private static string Show(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
