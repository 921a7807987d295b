//! Logistic regression in a few lines: enough for a probe that must not read.

/// Steps of gradient descent with momentum; the loss of the probe no longer moves in its fourth digit then.
const STEPS: usize = 300;
const RATE: f64 = 0.5;
const MOMENTUM: f64 = 0.9;
/// Weight of the squared coefficients.
const RIDGE: f64 = 1e-3;

/// A fitted model.
pub(super) struct Logistic {
    weights: Vec<f64>,
    bias: f64,
}

impl Logistic {
    /// Fits by plain gradient descent from zero, so the same rows give the same model.
    pub(super) fn fit(rows: &[&[f64]], answers: &[bool]) -> Self {
        let width = rows.first().map_or(0, |row| row.len());
        let mut model = Self { weights: vec![0.0; width], bias: 0.0 };
        let (mut speed, mut bias_speed) = (vec![0.0; width], 0.0);
        let count = rows.len().max(1) as f64;
        for _ in 0..STEPS {
            let (mut slope, mut bias_slope) = (vec![0.0; width], 0.0);
            for (row, answer) in rows.iter().zip(answers) {
                let miss = model.p(row) - f64::from(u8::from(*answer));
                bias_slope += miss;
                slope.iter_mut().zip(*row).for_each(|(slope, value)| *slope += miss * value);
            }
            for ((weight, speed), slope) in model.weights.iter_mut().zip(&mut speed).zip(&slope) {
                *speed = MOMENTUM * *speed - RATE * (slope / count + RIDGE * *weight);
                *weight += *speed;
            }
            bias_speed = MOMENTUM * bias_speed - RATE * bias_slope / count;
            model.bias += bias_speed;
        }
        model
    }

    /// One a column.
    pub(super) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Probability of a yes.
    pub(super) fn p(&self, row: &[f64]) -> f64 {
        let sum: f64 = self.bias + self.weights.iter().zip(row).map(|(weight, value)| weight * value).sum::<f64>();
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_learns_what_one_column_says() {
        let rows: Vec<Vec<f64>> = (0..200).map(|n| vec![f64::from(n % 7) - 3.0, f64::from(n % 2)]).collect();
        let answers: Vec<bool> = rows.iter().map(|row| row[0] > 0.0).collect();
        let slices: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let model = Logistic::fit(&slices, &answers);
        assert!(rows.iter().zip(&answers).all(|(row, answer)| (model.p(row) > 0.5) == *answer));
    }
}
